import { type Fields, isFields, listOf, nameParts, textOf, unwrap } from './nodes.ts';

/**
 * The planner puts a subquery's expressions in the place of the columns that name them, so each level that uses a column
 * twice doubles them: twenty short levels take a gigabyte before any limit applies. Some 100 MB at this many.
 */
const MAX_NODES = 150_000;
/** A subquery within an expression is planned as often as the expression is repeated: it weighs as so many. */
const NODES_OF_QUERY = 100;
/** Each of the tree's levels is two or three of these. */
const MAX_DEPTH = 3_000;

/** What stands behind a column: how many nodes its expression has, and how long a text it makes. */
interface Column {
  readonly nodes: number;
  readonly size: number;
}
type Columns = ReadonlyMap<string, Column>;

const PLAIN: Column = { nodes: 1, size: 1 };

interface Env {
  readonly expressions: ReadonlyMap<string, Columns>;
  readonly columns: Columns;
}

/** Works out, before the walk, what each reference to a column of a subquery stands for. */
export class Expansion {
  readonly #textSize: (node: unknown) => number;
  readonly #setSize: (reference: object, size: number) => void;
  #largest = 0;
  #depth = 0;

  constructor(textSize: (node: unknown) => number, setSize: (reference: object, size: number) => void) {
    this.#textSize = textSize;
    this.#setSize = setSize;
  }

  /** Why a query is too large once it is expanded, or undefined where it is not. */
  excessOf(query: unknown): string | undefined {
    this.#nodes(query, { expressions: new Map(), columns: new Map() });
    if (this.#largest <= MAX_NODES) return undefined;
    return 'The statement uses the columns of its nested queries so often that they grow beyond what the guard allows.';
  }

  #query(select: Fields, outer: Env): Columns {
    const { withClause, fromClause, larg, rarg, targetList, ...rest } = select;
    const expressions = new Map(outer.expressions);
    for (const item of isFields(withClause) ? listOf(withClause['ctes']) : []) {
      const fields = unwrap(item)?.fields ?? {};
      const inner = this.#subquery(fields['ctequery'], { ...outer, expressions });
      const isKept = fields['ctematerialized'] === 'CTEMaterializeAlways';
      const columns: Columns = isKept ? new Map() : renamed(inner, nameParts(fields['aliascolnames']));
      expressions.set(textOf(fields, 'ctename') ?? '', columns);
    }
    if (isFields(larg) && isFields(rarg)) {
      const [left, right] = [larg, rarg].map((side) => this.#query(side, { ...outer, expressions }));
      return isSimple(select) ? merged(left ?? new Map(), right ?? new Map()) : new Map();
    }
    let env: Env = { expressions, columns: outer.columns };
    for (const item of listOf(fromClause)) env = { expressions, columns: merged(env.columns, this.#source(item, env)) };
    const columns = new Map<string, Column>();
    let total = this.#children(rest, env);
    for (const item of listOf(targetList)) {
      const fields = unwrap(item)?.fields ?? {};
      const nodes = this.#nodes(fields['val'], env);
      total += nodes;
      for (const [name, column] of itemColumns(fields, env)) {
        columns.set(name, column ?? { nodes, size: this.#textSize(fields['val']) });
      }
    }
    this.#largest = Math.max(this.#largest, total);
    return isSimple(select) ? columns : new Map();
  }

  #subquery(node: unknown, env: Env): Columns {
    const { kind, fields } = unwrap(node) ?? { kind: '', fields: {} };
    return kind === 'SelectStmt' ? this.#query(fields, env) : new Map();
  }

  /** Columns that an item of FROM brings in. */
  #source(item: unknown, env: Env): Columns {
    const { kind, fields } = unwrap(item) ?? { kind: '', fields: {} };
    const alias = isFields(fields['alias']) ? fields['alias'] : {};
    const names = nameParts(alias['colnames']);
    if (kind === 'RangeSubselect') return renamed(this.#subquery(fields['subquery'], env), names);
    if (kind === 'RangeVar') {
      const expression = fields['schemaname'] === undefined ? textOf(fields, 'relname') : undefined;
      return renamed(env.expressions.get(expression ?? '') ?? new Map(), names);
    }
    if (kind !== 'JoinExpr') {
      this.#nodes(item, env);
      return new Map();
    }
    const left = this.#source(fields['larg'], env);
    const right = this.#source(fields['rarg'], { ...env, columns: merged(env.columns, left) });
    const columns = merged(left, right);
    this.#nodes(fields['quals'], { ...env, columns: merged(env.columns, columns) });
    return renamed(columns, names);
  }

  /** How many nodes an expression has once it is expanded. */
  #nodes(value: unknown, env: Env): number {
    // The walk refuses what is nested so deeply.
    if (this.#depth > MAX_DEPTH) return 0;
    this.#depth++;
    const nodes = this.#countNodes(value, env);
    this.#depth--;
    return nodes;
  }

  #countNodes(value: unknown, env: Env): number {
    if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + this.#nodes(inner, env), 0);
    if (!isFields(value)) return 0;
    const { kind, fields } = unwrap(value) ?? { kind: '', fields: value };
    if (kind === 'SelectStmt') {
      return [...this.#query(fields, env).values()].reduce((sum, { nodes }) => sum + nodes, NODES_OF_QUERY);
    }
    if (kind !== 'ColumnRef') return 1 + this.#children(fields, env);
    const parts = nameParts(fields['fields']);
    const column = env.columns.get(parts.at(-1) ?? '') ?? PLAIN;
    this.#setSize(fields, column.size);
    return column.nodes;
  }

  #children(fields: Fields, env: Env): number {
    return Object.values(fields).reduce<number>(
      (sum, value) => (typeof value === 'object' ? sum + this.#nodes(value, env) : sum),
      0,
    );
  }
}

/** Whether the planner takes a subquery apart; one that groups, sorts or cuts is planned by itself. */
function isSimple(select: Fields): boolean {
  if (textOf(select, 'op') !== 'SETOP_NONE' && select['all'] !== true && select['op'] !== undefined) return false;
  return BARRIERS.every((field) => select[field] === undefined);
}

const BARRIERS = [
  ...['groupClause', 'havingClause', 'distinctClause', 'limitCount', 'limitOffset', 'windowClause', 'sortClause'],
];

/** The names of a select item's columns; all that are in reach for a star, with what they already stand for. */
function itemColumns(item: Fields, env: Env): readonly (readonly [string, Column | undefined])[] {
  const { kind, fields } = unwrap(item['val']) ?? { kind: '', fields: {} };
  const name = textOf(item, 'name');
  if (name !== undefined) return [[name, undefined]];
  if (kind !== 'ColumnRef') return [[functionName(kind, fields), undefined]];
  const parts = nameParts(fields['fields']);
  const isStar = parts.length < listOf(fields['fields']).length;
  return isStar ? [...env.columns] : [[parts.at(-1) ?? '', undefined]];
}

/** As PostgreSQL names a column without AS, where it can be told easily. */
function functionName(kind: string, fields: Fields): string {
  if (kind === 'FuncCall') return nameParts(fields['funcname']).at(-1) ?? '?column?';
  if (kind !== 'TypeCast') return kind === 'CoalesceExpr' ? 'coalesce' : '?column?';
  const inner = unwrap(fields['arg']);
  if (inner?.kind === 'ColumnRef') return nameParts(inner.fields['fields']).at(-1) ?? '';
  const type = isFields(fields['typeName']) ? nameParts(fields['typeName']['names']).at(-1) : undefined;
  return inner?.kind === 'FuncCall' ? functionName(inner.kind, inner.fields) : (type ?? '?column?');
}

function merged(first: Columns, second: Columns): Columns {
  if (first.size === 0) return second;
  const columns = new Map(first);
  for (const [name, column] of second) columns.set(name, larger(column, columns.get(name) ?? PLAIN));
  return columns;
}

const larger = (a: Column, b: Column): Column => ({
  nodes: Math.max(a.nodes, b.nodes),
  size: Math.max(a.size, b.size),
});

/** `t(a, b)` names the columns anew. Which is which a star may hide, so each may be the largest. */
function renamed(columns: Columns, names: readonly string[]): Columns {
  if (names.length === 0 || columns.size === 0) return columns;
  const largest = [...columns.values()].reduce(larger);
  return new Map([...columns, ...names.map((name) => [name, largest] as const)]);
}
