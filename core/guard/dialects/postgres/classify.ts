import { type ColumnUse, type Facts, noFacts, Refused } from '../../classify.ts';
import { Scope } from '../../parsing/scope.ts';
import type { TableName } from '../../verdict.ts';
import { type Field, NODE_KINDS } from './node-kinds.ts';
import { type Fields, isFields, listOf, locationOf, nameParts, textOf, unwrap } from './nodes.ts';
import { selectItems } from './select-items.ts';
import { Sizes } from './sizes.ts';
import { reasonForKind } from './statement-kinds.ts';

/** Nested nodes at most; far beyond what people or models write, and within the stack of a worker thread. */
const MAX_DEPTH = 1_000;

/** TABLESAMPLE's own two, and those of tsm_system_rows and tsm_system_time. */
const SAMPLING_METHODS: ReadonlySet<string> = new Set(['bernoulli', 'system', 'system_rows', 'system_time']);

/**
 * Walks the raw parse tree of one query by the table of node kinds and notes what it reads and calls.
 * @param toOffset from the tree's byte offsets to UTF-16 offsets
 * @throws Refused at a node kind or a field that no read has
 */
export function classify(query: unknown, toOffset: (bytes: number) => number): Facts {
  const walk = new Walk(toOffset);
  walk.expand(query);
  walk.node(query, new Scope(undefined));
  const { facts } = walk;
  const items = selectItems(query, walk.columnsAt);
  const isItem = new Set(items.columns);
  const others = facts.columns.filter((use) => !isItem.has(use));
  return { ...facts, columns: items.shown.finish(others) };
}

class Walk {
  readonly facts: Facts = noFacts();
  /** What each reference to a column reads, by its fields. */
  readonly columnsAt = new Map<unknown, readonly ColumnUse[]>();
  readonly #toOffset: (bytes: number) => number;
  readonly #sizes = new Sizes();
  #depth = 0;

  constructor(toOffset: (bytes: number) => number) {
    this.#toOffset = toOffset;
  }

  expand(query: unknown): void {
    const reason = this.#sizes.excessOf(query);
    if (reason === undefined) return;
    const hint = 'Use them less often, or say MATERIALIZED after AS in WITH.';
    this.facts.refusals.push({ code: 'CONSTRUCT_NOT_ALLOWED', reason, hint, offset: 0 });
  }

  node(value: unknown, scope: Scope): void {
    // A list of the tree may hold NULL, which is written {}.
    if (isFields(value) && Object.keys(value).length === 0) return;
    const wrapped = unwrap(value);
    if (wrapped === undefined) this.#refuse('a node the guard cannot read', value);
    this.#fields(wrapped.kind, wrapped.fields, scope);
  }

  #nodes(values: unknown, scope: Scope): void {
    for (const value of listOf(values)) this.node(value, scope);
  }

  #fields(kind: string, fields: Fields, scope: Scope): void {
    if (++this.#depth > MAX_DEPTH) this.#refuse('too many levels of nesting', fields);
    const known = NODE_KINDS.get(kind) ?? this.#refuseKind(kind, fields);
    if (kind === 'SelectStmt') this.#select(fields, known, scope);
    else {
      this.#note(kind, fields, scope);
      this.#children(kind, fields, known, scope);
    }
    this.#depth--;
  }

  #children(kind: string, fields: Fields, known: ReadonlyMap<string, Field>, scope: Scope): void {
    for (const [name, value] of Object.entries(fields)) {
      const field = known.get(name) ?? this.#refuseField(kind, name, value, fields);
      this.#field(field, value, scope);
    }
  }

  #field(field: Field, value: unknown, scope: Scope): void {
    if (field === 'node') this.node(value, scope);
    else if (field === 'nodes') this.#nodes(value, scope);
    else if (typeof field === 'object' && isFields(value)) this.#fields(field.kind, value, scope);
    else if (!isLeaf(field, value)) this.#refuse('a node the guard cannot read', value);
  }

  /** WITH first (each expression sees those before it, with RECURSIVE all of them), then FROM, then the rest. */
  #select(fields: Fields, known: ReadonlyMap<string, Field>, outer: Scope): void {
    const scope = new Scope(outer);
    const { withClause, ...rest } = fields;
    if (isFields(withClause)) this.#with(withClause, scope);
    for (const item of listOf(fields['fromClause'])) this.#source(item, scope);
    this.#children('SelectStmt', rest, known, scope);
  }

  #with(withClause: Fields, scope: Scope): void {
    const expressions = listOf(withClause['ctes']);
    const nameOf = (expression: unknown) => textOf(unwrap(expression)?.fields ?? {}, 'ctename') ?? '';
    if (withClause['recursive'] === true) {
      for (const expression of expressions) scope.addTableExpression(nameOf(expression));
    }
    for (const expression of expressions) {
      this.node(expression, scope);
      scope.addTableExpression(nameOf(expression));
    }
  }

  /** Names that an item of FROM brings into scope. */
  #source(item: unknown, scope: Scope): void {
    const { kind, fields } = unwrap(item) ?? { kind: '', fields: {} };
    const aliasFields = fields['alias'];
    const alias = isFields(aliasFields) ? textOf(aliasFields, 'aliasname') : undefined;
    if (kind === 'JoinExpr') {
      this.#source(fields['larg'], scope);
      this.#source(fields['rarg'], scope);
    } else if (kind === 'RangeTableSample') this.#source(fields['relation'], scope);
    if (kind === 'RangeVar') {
      const table = textOf(fields, 'relname') ?? '';
      scope.addSource(alias ?? table, isBaseTable(fields, scope) ? tableName(fields) : null);
    } else if (alias !== undefined) scope.addSource(alias, null);
  }

  /** What a node says beyond its children. */
  #note(kind: string, fields: Fields, scope: Scope): void {
    const offset = this.#offsetOf(fields);
    this.#type(fields);
    this.#size(kind, fields, offset);
    if (kind === 'RangeVar') this.#table(fields, offset, scope);
    else if (kind === 'ColumnRef') this.#column(fields, offset, scope);
    else if (kind === 'A_Indirection') this.#attributes(nameParts(fields['indirection']), offset);
    else if (kind === 'JoinExpr') this.#join(fields, scope);
    else if (kind === 'FuncCall') this.#call(fields, offset);
    else if (kind === 'A_Expr') this.#comparison(fields, offset);
    else if (kind === 'SubLink') this.#operator(fields['operName'], offset);
    else if (kind === 'SortBy') this.#operator(fields['useOp'], offset);
    else if (kind === 'RangeTableSample') this.#sample(fields, offset);
  }

  /** The type that a cast, a JSON or an XML column, or the columns of a function's rows convert to. */
  #type(fields: Fields): void {
    const { typeName } = fields;
    if (!isFields(typeName)) return;
    const name = splitName(nameParts(typeName['names']));
    // A literal of an enum or a composite type calls that type's input function only, so its name need not be known.
    if (!isLiteral(fields['arg'])) this.facts.types.push({ ...name, offset: this.#offsetOf(typeName) });
  }

  #comparison(fields: Fields, offset: number): void {
    // BETWEEN's name is no operator; what it stands for are >= and <=.
    if (!textOf(fields, 'kind')?.includes('BETWEEN')) this.#operator(fields['name'], offset);
  }

  #sample(fields: Fields, offset: number): void {
    const { schema, name } = splitName(nameParts(fields['method']));
    if (SAMPLING_METHODS.has(name) && (schema === null || schema === 'pg_catalog')) return;
    const reason = `The sampling method ${name} is not one the guard knows.`;
    this.facts.refusals.push({ code: 'CONSTRUCT_NOT_ALLOWED', reason, hint: 'Use SYSTEM or BERNOULLI.', offset });
  }

  #table(fields: Fields, offset: number, scope: Scope): void {
    if (!isBaseTable(fields, scope)) return;
    const table = tableName(fields);
    this.facts.tables.push({ ...table, offset });
    // `t AS x(a, b)` reads t's columns under other names.
    const alias = fields['alias'];
    if (isFields(alias) && listOf(alias['colnames']).length > 0) this.#use([table], '*', offset);
  }

  #column(fields: Fields, offset: number, scope: Scope): void {
    const parts = listOf(fields['fields']);
    const names = nameParts(parts);
    const column = names.length < parts.length ? '*' : names.pop();
    const qualifier = names.pop();
    if (column === undefined) return;
    if (qualifier !== undefined) {
      this.#attributes([column], offset);
      const schema = names.pop();
      const [nearest = { schema: schema ?? null, name: qualifier }, ...others] =
        schema === undefined ? scope.tablesOf(qualifier) : [];
      this.columnsAt.set(fields, [this.#use(nearest === null ? [] : [nearest], column, offset)]);
      this.#guess(others, column, offset);
      return;
    }
    const tables = column === '*' ? scope.ownTables() : scope.tablesInReach();
    const uses = [this.#use(tables, column, offset, { isQualified: false })];
    // A name that is a FROM item too may stand for its whole row.
    const [row, ...others] = scope.tablesOf(column);
    if (row) uses.push(this.#use([row], '*', offset));
    this.columnsAt.set(fields, uses);
    this.#guess(others, '*', offset);
  }

  /** A derived table does not see the items beside it, which are in scope here: what is further out may be meant. */
  #guess(tables: readonly (TableName | null)[], name: string, offset: number): void {
    for (const table of tables) if (table !== null) this.#use([table], name, offset, { isGuess: true });
  }

  #use(
    tables: readonly TableName[],
    name: string,
    offset: number,
    { isQualified = true, isGuess = false } = {},
  ): ColumnUse {
    const use: ColumnUse = { tables, isQualified, name, role: 'used', isGuess, offset };
    this.facts.columns.push(use);
    return use;
  }

  #attributes(names: readonly string[], offset: number): void {
    for (const name of names) this.facts.attributes.push({ schema: null, name, offset });
  }

  #join(fields: Fields, scope: Scope): void {
    const offset = this.#offsetOf(fields);
    const isQualified = false;
    const names = nameParts(fields['usingClause']);
    // A natural join compares columns the statement does not name; an alias of a join renames its sides' columns.
    if (fields['isNatural'] === true || fields['alias'] !== undefined) names.push('*');
    for (const name of names) this.#use(scope.ownTables(), name, offset, { isQualified });
  }

  #call(fields: Fields, offset: number): void {
    const name = splitName(nameParts(fields['funcname']));
    // EXTRACT, TRIM and the like are written without the schema that the grammar puts there.
    const schema = fields['funcformat'] === 'COERCE_SQL_SYNTAX' ? null : name.schema;
    this.facts.functions.push({ schema, name: name.name, offset });
  }

  #size(kind: string, fields: Fields, offset: number): void {
    const reason = this.#sizes.oversizeOf(kind, fields);
    if (reason === undefined) return;
    const hint = 'Use a smaller number.';
    this.facts.refusals.push({ code: 'CONSTRUCT_NOT_ALLOWED', reason, hint, offset });
  }

  #operator(name: unknown, offset: number): void {
    const parts = nameParts(name);
    if (parts.length > 0) this.facts.operators.push({ ...splitName(parts), offset });
  }

  #offsetOf(value: unknown): number {
    return this.#toOffset(locationOf(value) ?? 0);
  }

  #refuse(what: string, at: unknown): never {
    const reason = `The statement holds ${what}.`;
    const hint = 'Write it as a simpler SELECT.';
    throw new Refused({ code: 'CONSTRUCT_NOT_ALLOWED', reason, hint, offset: this.#offsetOf(at) });
  }

  #refuseKind(kind: string, fields: Fields): never {
    const reason = reasonForKind(kind);
    const hint = 'Custard runs reads only: SELECT, VALUES, TABLE, EXPLAIN without ANALYZE.';
    throw new Refused({ code: 'NOT_READ_ONLY', reason, hint, offset: this.#offsetOf(fields) });
  }

  #refuseField(kind: string, name: string, value: unknown, fields: Fields): never {
    if (name === 'intoClause') this.#refuseKind('IntoClause', isFields(value) ? value : fields);
    if (name === 'lockingClause') this.#refuseKind('LockingClause', fields);
    const reason = `${name} of ${kind} is not something the guard knows in a read.`;
    throw new Refused({ code: 'CONSTRUCT_NOT_ALLOWED', reason, offset: this.#offsetOf(fields) });
  }
}

function isBaseTable(rangeVar: Fields, scope: Scope): boolean {
  return rangeVar['schemaname'] !== undefined || !scope.isTableExpression(textOf(rangeVar, 'relname') ?? '');
}

function tableName(rangeVar: Fields): TableName {
  return { schema: textOf(rangeVar, 'schemaname') ?? null, name: textOf(rangeVar, 'relname') ?? '' };
}

function splitName(parts: readonly string[]): { schema: string | null; name: string } {
  return { schema: parts.length > 1 ? parts.slice(0, -1).join('.') : null, name: parts.at(-1) ?? '' };
}

/** What is not walked must have nothing in it to walk. */
function isLeaf(field: Field, value: unknown): boolean {
  if (field === 'value') return typeof value !== 'object';
  if (field === 'constant') return isFields(value) && Object.values(value).every((inner) => typeof inner !== 'object');
  return field === 'name' && listOf(value).length === nameParts(value).length;
}

/** Text, NULL or a parameter, whose type is still open, or an array of them; a number would go through a cast. */
function isLiteral(value: unknown): boolean {
  const { kind, fields = {} } = unwrap(value) ?? {};
  if (kind === 'ParamRef') return true;
  if (kind === 'A_Const') return fields['sval'] !== undefined || fields['isnull'] === true;
  return kind === 'A_ArrayExpr' && listOf(fields['elements']).every(isLiteral);
}
