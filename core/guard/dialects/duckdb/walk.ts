import { type ColumnUse, type Facts, noFacts, Refused, type Use } from '../../classify.ts';
import { Scope } from '../../parsing/scope.ts';
import type { TableName } from '../../verdict.ts';
import { columnUses, starUses } from './columns.ts';
import { type Family, type Field, NODE_KINDS, type NodeKind } from './node-kinds.ts';
import {
  type Fields,
  fieldsOf,
  fold,
  isBuiltInSchema,
  isFields,
  LAMBDA_FUNCTIONS,
  listOf,
  textOf,
  textsOf,
} from './nodes.ts';
import { Sizes } from './sizes.ts';

/** Nested nodes at most; the engine's own limit is 1,000 expressions. */
const MAX_DEPTH = 2_000;

/** One walk over one statement's tree; every node and every field of it is accounted for, or refused. */
export class Walk {
  readonly facts: Facts = noFacts();
  readonly tableCalls = new Set<Use>();
  /** What each reference to a column and each star reads, by its fields. */
  readonly columnsAt = new Map<unknown, readonly ColumnUse[]>();
  readonly #toOffset: (bytes: number) => number;
  readonly #sizes = new Sizes();
  /** Of the lambdas around. */
  readonly #parameters: string[] = [];
  #depth = 0;
  /** Of the innermost node that has one. */
  #offset = 0;

  constructor(toOffset: (bytes: number) => number) {
    this.#toOffset = toOffset;
  }

  statement(value: unknown, scope: Scope): void {
    this.#part('Statement', value, scope);
  }

  #field(field: Field, value: unknown, scope: Scope): void {
    if (field === 'value') this.#leaf(value);
    else if (field === 'expression') this.#expression(value, scope);
    else if (field === 'expressions') this.#each(value, (one) => this.#expression(one, scope));
    else if (field === 'rows') this.#each(value, (row) => this.#each(row, (one) => this.#expression(one, scope)));
    else if (field === 'source') this.#source(value, scope);
    else if (field === 'query') this.#query(value, scope);
    else if (field === 'modifier') this.#modifier(value, scope);
    else if (field === 'modifiers') this.#each(value, (one) => this.#modifier(one, scope));
    else if (field === 'constant') this.#constant(value, scope);
    else if (field === 'constants') this.#each(value, (one) => this.#constant(one, scope));
    else if (field === 'type') this.#part('Type', value, scope);
    else if (field.kind === 'TypeDetails') this.#node('typeDetails', fieldsOf(value)['type'], value, scope);
    else if (Array.isArray(value)) this.#each(value, (one) => this.#part(field.kind, one, scope));
    else this.#part(field.kind, value, scope);
  }

  #each(values: unknown, visit: (value: unknown) => void): void {
    if (!Array.isArray(values)) this.#refuse('a list the guard cannot read');
    for (const value of listOf(values)) visit(value);
  }

  #leaf(value: unknown): void {
    if (Array.isArray(value)) for (const one of value) this.#leaf(one);
    else if (isFields(value) && !isPair(value)) this.#refuse('a value the guard cannot read');
  }

  #part(kind: string, value: unknown, scope: Scope): void {
    this.#node('part', kind, value, scope);
  }

  #modifier(value: unknown, scope: Scope): void {
    this.#node('modifier', fieldsOf(value)['type'], value, scope);
  }

  /** Its value is data, whatever it looks like. */
  #constant(value: unknown, scope: Scope): void {
    const { type, value: _data, is_null: _isNull, ...others } = fieldsOf(value);
    if (!isFields(value) || Object.keys(others).length > 0) this.#refuse('a constant the guard cannot read');
    this.#field('type', type, scope);
  }

  /** Looks the node up and walks its fields, but those that the caller has walked already. */
  #node(family: Family, kind: unknown, value: unknown, scope: Scope, done: readonly string[] = []): void {
    const known = this.#known(family, kind, value);
    const around = this.#offset;
    const fields = fieldsOf(value);
    this.#offset = this.#offsetOf(fields);
    if (++this.#depth > MAX_DEPTH) this.#refuse('too many levels of nesting');
    for (const [name, inner] of Object.entries(fields)) {
      const field = known.fields.get(name) ?? this.#refuse(`${kind}.${name}, which the guard does not know`);
      if (!done.includes(name)) this.#field(field, inner, scope);
    }
    if (kind === 'UNBOUND_TYPE_INFO') this.#type(fields);
    this.#depth--;
    this.#offset = around;
  }

  #known(family: Family, kind: unknown, value: unknown): NodeKind {
    const known = typeof kind === 'string' && isFields(value) ? NODE_KINDS[family].get(kind) : undefined;
    const type = fieldsOf(value)['type'];
    const isTyped = family === 'expression' ? typeof type === 'string' && known?.types.has(type) : true;
    return known !== undefined && isTyped
      ? known
      : this.#refuse(`${nameOf(kind, type)}, which the guard does not know`);
  }

  #offsetOf(fields: Fields): number {
    const location = fields['query_location'];
    return typeof location === 'number' ? this.#toOffset(location) : this.#offset;
  }

  #query(value: unknown, outer: Scope): void {
    const fields = fieldsOf(value);
    const scope = new Scope(outer);
    const kind = fields['type'];
    if (kind === 'RECURSIVE_CTE_NODE') {
      this.#recursive(fields, scope);
      return;
    }
    this.#expressionsOfWith(fields['cte_map'], scope);
    // FROM brings the names that the rest may use.
    const first = kind === 'SELECT_NODE' ? ['cte_map', 'from_table'] : ['cte_map'];
    if (kind === 'SELECT_NODE') this.#source(fields['from_table'], scope);
    this.#node('query', kind, value, scope, first);
  }

  /** The first part does not see the expression itself. */
  #recursive(fields: Fields, scope: Scope): void {
    this.#query(fields['left'], scope);
    const inner = new Scope(scope);
    inner.addTableExpression(fold(textOf(fields, 'cte_name') ?? ''));
    this.#node('query', 'RECURSIVE_CTE_NODE', fields, inner, ['left']);
  }

  /** Each sees those before it. */
  #expressionsOfWith(map: unknown, scope: Scope): void {
    if (map === undefined) return;
    this.#node('part', 'CteMap', map, scope, ['map']);
    for (const entry of listOf(fieldsOf(map)['map'])) {
      this.#part('CteEntry', entry, scope);
      scope.addTableExpression(fold(textOf(fieldsOf(entry), 'key') ?? ''));
    }
  }

  /** From left to right: a lateral item sees those before it. */
  #source(value: unknown, scope: Scope): void {
    const fields = fieldsOf(value);
    const kind = fields['type'];
    if (kind === 'BASE_TABLE') this.#table(fields, scope);
    else if (kind === 'JOIN') this.#join(fields, scope);
    else if (kind === 'TABLE_FUNCTION') this.#tableFunction(fields, scope);
    else if (kind === 'PIVOT') this.#pivot(fields, scope);
    else this.#derived(fields, scope);
  }

  #derived(fields: Fields, scope: Scope): void {
    if (fields['type'] === 'SHOW_REF') this.#show(fields);
    this.#node('source', fields['type'], fields, scope);
    const alias = textOf(fields, 'alias');
    if (alias !== undefined) scope.addSource(fold(alias), null);
  }

  #table(fields: Fields, scope: Scope): void {
    const offset = this.#offsetOf(fields);
    const table = tableName(fields);
    const alias = fold(textOf(fields, 'alias') ?? table.name);
    // The schema of a recursive expression's rows so far.
    const isLocal = table.schema === null || table.schema === 'recurring';
    const isExpression = isLocal && scope.isTableExpression(table.name);
    this.#node('source', 'BASE_TABLE', fields, scope);
    scope.addSource(alias, isExpression ? null : table);
    if (isExpression) return;
    this.facts.tables.push({ ...table, offset });
    // `t AS x(a, b)` reads t's columns under other names.
    if (listOf(fields['column_name_alias']).length > 0) this.#use([table], '*', offset);
  }

  #join(fields: Fields, scope: Scope): void {
    this.#source(fields['left'], scope);
    this.#source(fields['right'], scope);
    const offset = this.#offsetOf(fields);
    const names = textsOf(fields['using_columns']).map(fold);
    // Compares columns that the statement does not name.
    if (fields['ref_type'] === 'NATURAL') names.push('*');
    if (fields['alias'] !== undefined || fields['column_name_alias'] !== undefined) names.push('*');
    for (const name of names) this.#use(scope.ownTables(), name, offset, { isQualified: false });
    this.#node('source', 'JOIN', fields, scope, ['left', 'right']);
  }

  #tableFunction(fields: Fields, scope: Scope): void {
    const call = fieldsOf(fields['function']);
    if (call['class'] !== 'FUNCTION') this.#refuse('a FROM item the guard cannot read');
    const before = this.facts.functions.length;
    this.#node('source', 'TABLE_FUNCTION', fields, scope);
    const use = this.facts.functions[before];
    if (use !== undefined) this.tableCalls.add(use);
    scope.addSource(fold(textOf(fields, 'alias') ?? textOf(call, 'function_name') ?? ''), null);
  }

  /** DESCRIBE and SUMMARIZE hold a query; the other forms list what the database has. */
  #show({ query, show_type }: Fields): void {
    if (query === undefined) {
      throw new Refused({
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: 'SHOW lists tables, databases and settings in ways the guard does not follow.',
        hint: 'Select from information_schema.tables or information_schema.columns.',
        offset: this.#offset,
      });
    }
    if (show_type !== 'DESCRIBE' && show_type !== 'SUMMARY') this.#refuse('a form of SHOW the guard does not know');
  }

  /** Groups by all columns that it does not name. */
  #pivot(fields: Fields, scope: Scope): void {
    this.#source(fields['source'], scope);
    this.#use(scope.ownTables(), '*', this.#offsetOf(fields), { isQualified: false });
    this.#node('source', 'PIVOT', fields, scope, ['source']);
    const alias = textOf(fields, 'alias');
    if (alias !== undefined) scope.addSource(fold(alias), null);
  }

  #expression(value: unknown, scope: Scope): void {
    const fields = fieldsOf(value);
    const kind = fields['class'];
    const offset = this.#offsetOf(fields);
    this.#size(fields, offset);
    if (kind === 'FUNCTION' || kind === 'WINDOW') {
      this.#call(fields, offset, scope);
      return;
    }
    if (kind === 'COLUMN_REF') this.#column(fields, offset, scope);
    else if (kind === 'STAR') this.#star(fields, offset, scope);
    else if (kind === 'POSITIONAL_REFERENCE') this.#use(scope.ownTables(), '*', offset, { isQualified: false });
    this.#node('expression', kind, value, scope);
  }

  #call(fields: Fields, offset: number, scope: Scope): void {
    const [schema, catalog] = [textOf(fields, 'schema'), textOf(fields, 'catalog')];
    const name = fold(textOf(fields, 'function_name') ?? '');
    const qualifier = schema === undefined ? null : fold(catalog === undefined ? schema : `${catalog}.${schema}`);
    const uses = fields['is_operator'] === true ? this.facts.operators : this.facts.functions;
    // What the parser makes of count(*) is nobody's word.
    uses.push({
      schema: qualifier === 'main' ? null : qualifier,
      name: name === 'count_star' ? 'count' : name,
      offset,
    });
    // `a.f()` is f(a) where there is no schema a.
    if (!isBuiltInSchema(qualifier)) {
      const parts = [catalog, schema].filter((part) => part !== undefined);
      this.facts.columns.push(...columnUses(parts.map(fold), scope, offset));
    }
    const done = LAMBDA_FUNCTIONS.has(name) ? ['children'] : [];
    if (done.length > 0) this.#lambdaArguments(fields, scope);
    this.#node('expression', fields['class'], fields, scope, done);
  }

  /** `x -> …` as a later argument of these is a function of x; anywhere else the arrow takes JSON apart. */
  #lambdaArguments(fields: Fields, scope: Scope): void {
    for (const [index, child] of listOf(fields['children']).entries()) {
      const lambda = fieldsOf(child);
      const parameters = lambda['class'] === 'LAMBDA' && index > 0 ? parametersOf(lambda['lhs']) : undefined;
      if (parameters === undefined) {
        this.#expression(child, scope);
        continue;
      }
      this.#parameters.push(...parameters);
      this.#node('expression', 'LAMBDA', lambda, scope);
      this.#parameters.splice(-parameters.length);
    }
  }

  #column(fields: Fields, offset: number, scope: Scope): void {
    const parts = textsOf(fields['column_names']).map(fold);
    const isParameter = this.#parameters.includes(parts[0] ?? '');
    const uses = columnUses(parts, scope, offset).map((use) => (isParameter ? { ...use, isGuess: true } : use));
    this.facts.columns.push(...uses);
    this.columnsAt.set(fields, uses);
  }

  /** The columns that are left out, replaced or renamed are read like the others. */
  #star(fields: Fields, offset: number, scope: Scope): void {
    const relation = textOf(fields, 'relation_name');
    const uses = starUses(relation === undefined ? undefined : fold(relation), scope, offset);
    this.facts.columns.push(...uses);
    const isPlain = uses[0]?.name === '*' && Object.keys(fields).every((name) => PLAIN_STAR.has(name));
    if (isPlain) this.columnsAt.set(fields, uses);
  }

  #use(tables: readonly TableName[], name: string, offset: number, { isQualified = true } = {}): ColumnUse {
    const use: ColumnUse = { tables, isQualified, name, role: 'used', offset };
    this.facts.columns.push(use);
    return use;
  }

  #type(fields: Fields): void {
    const schema = textOf(fields, 'schema');
    const name = fold(textOf(fields, 'name') ?? '');
    this.facts.types.push({ schema: schema === undefined ? null : fold(schema), name, offset: this.#offset });
  }

  #size(fields: Fields, offset: number): void {
    const reason = this.#sizes.oversizeOf(fields);
    if (reason === undefined) return;
    const hint = 'Use a smaller number.';
    this.facts.refusals.push({ code: 'CONSTRUCT_NOT_ALLOWED', reason, hint, offset });
  }

  #refuse(what: string): never {
    const reason = `The statement holds ${what}.`;
    const hint = 'Write it with the plain forms of SELECT.';
    throw new Refused({ code: 'CONSTRUCT_NOT_ALLOWED', reason, hint, offset: this.#offset });
  }
}

const PLAIN_STAR: ReadonlySet<string> = new Set(['class', 'type', 'query_location', 'relation_name', 'exclude_list']);

/** `x` or `(x, y)`; undefined where it is anything else. */
function parametersOf(lhs: unknown): string[] | undefined {
  const fields = fieldsOf(lhs);
  const names = fields['class'] === 'FUNCTION' ? listOf(fields['children']) : [lhs];
  const parts = names.map((name) => textsOf(fieldsOf(name)['column_names']).map(fold));
  return parts.every(({ length }) => length === 1) ? parts.flat() : undefined;
}

function tableName(fields: Fields): TableName {
  const [catalog, schema] = [textOf(fields, 'catalog_name'), textOf(fields, 'schema_name')];
  const qualifier = [catalog, schema].filter((part) => part !== undefined).map(fold);
  return {
    schema: qualifier.length === 0 ? null : qualifier.join('.'),
    name: fold(textOf(fields, 'table_name') ?? ''),
  };
}

/** Map entries and sides of hugeints are objects of scalars. */
function isPair(value: Fields): boolean {
  return Object.values(value).every((inner) => typeof inner !== 'object');
}

function nameOf(kind: unknown, type: unknown): string {
  const name = typeof type === 'string' ? type : kind;
  return typeof name === 'string' && /^\w+$/.test(name) ? name : 'a node';
}
