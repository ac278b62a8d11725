import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { DatabaseSchema, ForeignKey, SchemaColumn, SchemaTable } from '#core/schema.ts';
import { quoteIdentifier } from '../quote-identifier.ts';
import { kindOfDeclared } from './types.ts';

type ObjectRow = Record<string, SQLOutputValue>;

/** Without statistics, rows are counted up to here; a larger table's number stays unknown. */
const COUNT_LIMIT = 100_000;
/** And so long for all tables together. */
const COUNT_BUDGET_MS = 300;

const TABLES = `
  SELECT name, type FROM pragma_table_list
  WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  ORDER BY name`;
/** Hidden columns (of virtual tables) are left out, generated ones are not. */
const COLUMNS =
  'SELECT name, type, "notnull" AS not_null, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid';
const FOREIGN_KEYS =
  'SELECT id, "table" AS target, "from" AS source, "to" AS referenced FROM pragma_foreign_key_list(?) ORDER BY id, seq';
const UNIQUE_KEYS = `
  SELECT l.name AS index_name, i.name AS column_name FROM pragma_index_list(?) l JOIN pragma_index_info(l.name) i
  WHERE l."unique" = 1 AND l.origin <> 'pk' AND l.partial = 0 ORDER BY l.seq, i.seqno`;

export function describeFile(database: DatabaseSync): DatabaseSchema {
  const estimate = rowEstimates(database);
  const tables: SchemaTable[] = [];
  for (const row of database.prepare(TABLES).all()) {
    const name = text(row, 'name');
    const isView = row['type'] === 'view';
    const rows = columnRows(database, name);
    tables.push({
      schema: null,
      name,
      kind: isView ? 'view' : 'table',
      comment: null,
      columns: rows.map(toColumn),
      primaryKey: primaryKey(rows),
      foreignKeys: [],
      uniqueKeys: isView ? [] : uniqueKeys(database, name),
      rowEstimate: isView ? null : estimate(name),
      readable: true,
    });
  }
  for (const table of tables) table.foreignKeys.push(...foreignKeys(database, table.name, tables));
  return { dialect: 'sqlite', version: versionOf(database), defaultSchemas: [], tables };
}

export const versionOf = (database: DatabaseSync): string =>
  text(database.prepare('SELECT sqlite_version() AS version').get() ?? {}, 'version');

const text = (row: ObjectRow, name: string): string => String(row[name] ?? '');

/** A view that names what is no longer there has no columns to ask for. */
function columnRows(database: DatabaseSync, table: string): ObjectRow[] {
  try {
    return database.prepare(COLUMNS).all(table);
  } catch {
    return []; // it is listed without columns, and a query of it says what is missing
  }
}

const toColumn = (row: ObjectRow): SchemaColumn => ({
  name: text(row, 'name'),
  type: text(row, 'type'),
  kind: kindOfDeclared(text(row, 'type')),
  nullable: row['not_null'] === 0 && row['pk'] === 0,
  comment: null,
});

const primaryKey = (rows: readonly ObjectRow[]): string[] =>
  rows
    .filter((row) => Number(row['pk']) > 0)
    .sort((a, b) => Number(a['pk']) - Number(b['pk']))
    .map((row) => text(row, 'name'));

/** An index on an expression has an unnamed column, and is no key of columns. */
function uniqueKeys(database: DatabaseSync, table: string): string[][] {
  const byIndex = new Map<string, (string | null)[]>();
  for (const row of database.prepare(UNIQUE_KEYS).all(table)) {
    const columns = byIndex.get(text(row, 'index_name')) ?? [];
    columns.push(row['column_name'] === null ? null : text(row, 'column_name'));
    byIndex.set(text(row, 'index_name'), columns);
  }
  return [...byIndex.values()].flatMap((columns) => {
    const names = columns.filter((column) => column !== null);
    return names.length === columns.length ? [names] : [];
  });
}

/** Names are matched as SQLite does, whatever their case; a key without columns means the other's primary key. */
function foreignKeys(database: DatabaseSync, table: string, tables: readonly SchemaTable[]): ForeignKey[] {
  const byId = new Map<string, ObjectRow[]>();
  for (const row of database.prepare(FOREIGN_KEYS).all(table)) {
    byId.set(text(row, 'id'), [...(byId.get(text(row, 'id')) ?? []), row]);
  }
  return [...byId.values()].flatMap((rows) => {
    const wanted = text(rows[0] ?? {}, 'target').toLowerCase();
    const target = tables.find(({ name }) => name.toLowerCase() === wanted);
    if (target === undefined) return [];
    const named = rows.map((row) => (row['referenced'] === null ? null : text(row, 'referenced')));
    const columns = named.every((name) => name !== null) ? named : target.primaryKey;
    if (columns.length !== rows.length) return [];
    return [
      { columns: rows.map((row) => text(row, 'source')), references: { schema: null, table: target.name, columns } },
    ];
  });
}

/** From ANALYZE's statistics where there are some, else by counting, within bounds. */
function rowEstimates(database: DatabaseSync): (table: string) => number | null {
  const statistics = readStatistics(database);
  const deadline = performance.now() + COUNT_BUDGET_MS;
  return (table) => {
    const known = statistics.get(table);
    if (known !== undefined) return known;
    return performance.now() < deadline ? countRows(database, table) : null;
  };
}

function readStatistics(database: DatabaseSync): Map<string, number> {
  const hasThem = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").get() !== undefined;
  if (!hasThem) return new Map();
  // The first number of `stat` is the count of rows in the index, the same for all but partial ones.
  const rows = database.prepare('SELECT tbl, max(CAST(stat AS INTEGER)) AS rows FROM sqlite_stat1 GROUP BY tbl').all();
  return new Map(rows.map((row) => [text(row, 'tbl'), Number(row['rows'])]));
}

function countRows(database: DatabaseSync, table: string): number | null {
  try {
    const from = quoteIdentifier(table);
    const row = database.prepare(`SELECT count(*) AS rows FROM (SELECT 1 FROM ${from} LIMIT ${COUNT_LIMIT + 1})`).get();
    const rows = Number(row?.['rows']);
    return rows > COUNT_LIMIT ? null : rows;
  } catch {
    return null; // a virtual table whose module is not built in
  }
}
