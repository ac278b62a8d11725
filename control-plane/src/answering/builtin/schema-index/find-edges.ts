import type { ColumnEntry, Edge, TableEntry } from './entries.ts';

/** Declared foreign keys, and where a schema declares none for a column, those its names give away. */
export function findEdges(tables: readonly TableEntry[]): Edge[] {
  const declared = tables.flatMap((table) => declaredEdges(table, tables));
  const covered = new Set(declared.flatMap((edge) => edge.fromColumns));
  return [...declared, ...inferredEdges(tables, covered)];
}

function declaredEdges(table: TableEntry, tables: readonly TableEntry[]): Edge[] {
  const edges: Edge[] = [];
  for (const { columns, references } of table.table.foreignKeys) {
    const to = tables.find(
      (other) =>
        same(other.table.name, references.table) &&
        (references.schema === null || other.table.schema === references.schema),
    );
    if (to === undefined) continue;
    const fromColumns = pick(table, columns);
    const toColumns = pick(to, references.columns);
    if (fromColumns.length === columns.length && toColumns.length === columns.length) {
      edges.push({ from: table, to, fromColumns, toColumns, declared: true });
    }
  }
  return edges;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function pick(table: TableEntry, names: readonly string[]): ColumnEntry[] {
  return names.flatMap((name) => table.columns.find(({ column }) => same(column.name, name)) ?? []);
}

/** `customer_id` beside a table customers whose key is `customer_id` or `id`, of the same kind. */
function inferredEdges(tables: readonly TableEntry[], covered: ReadonlySet<ColumnEntry>): Edge[] {
  const targets = new Map<string, ColumnEntry[]>();
  for (const table of tables) {
    if (table.key === null || table.table.kind !== 'table') continue;
    for (const name of keyNames(table, table.key)) targets.set(name, [...(targets.get(name) ?? []), table.key]);
  }
  const edges: Edge[] = [];
  for (const table of tables) {
    for (const column of table.columns) {
      if (covered.has(column) || column === table.key) continue;
      const keys = keysNamed(column, targets).filter(
        (key) => key.table !== table && key.column.kind === column.column.kind,
      );
      const [key] = keys;
      if (keys.length !== 1 || key === undefined) continue;
      edges.push({ from: table, to: key.table, fromColumns: [column], toColumns: [key], declared: false });
    }
  }
  return edges;
}

/** By its whole name, or by its end where the beginning says which one it is: origin_warehouse_id. */
function keysNamed(
  { words }: ColumnEntry,
  targets: ReadonlyMap<string, readonly ColumnEntry[]>,
): readonly ColumnEntry[] {
  const whole = targets.get(words.join(' '));
  if (whole !== undefined || words.at(-1) !== 'id') return whole ?? [];
  return words.length > 2 ? (targets.get(words.slice(-2).join(' ')) ?? []) : [];
}

/** The names under which other tables would hold this key. A bare "id" or "name" is no evidence. */
function keyNames(table: TableEntry, key: ColumnEntry): Set<string> {
  const own = key.words.join(' ');
  const names = new Set([...table.words, 'id'].length > 1 ? [[...table.words, 'id'].join(' ')] : []);
  if (key.column.kind === 'integer' || key.column.kind === 'uuid') names.add(table.words.join(' '));
  if (key.words.length > 1 && /(^| )(id|cod|key|number)$/.test(own)) names.add(own);
  return names;
}
