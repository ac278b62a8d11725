import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { ForeignKey, SchemaColumn, SchemaTable } from '#core/schema.ts';
import type { SchemaPage } from '../connector.ts';
import { PageMaker } from '../page-maker.ts';
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

/** All in one transaction, as other programs may write the file meanwhile. */
export function describeFile(database: DatabaseSync, onPage: (page: SchemaPage) => void): void {
  database.exec('BEGIN');
  try {
    const pages = new PageMaker({ version: versionOf(database), defaultSchemas: [] }, onPage);
    for (const table of describeTables(database)) pages.add(table);
    pages.end();
  } finally {
    database.exec('ROLLBACK');
  }
}

export function* describeTables(database: DatabaseSync): Generator<SchemaTable> {
  const rows = database.prepare(TABLES).all();
  const estimate = rowEstimates(database);
  const keys = new Keys(
    database,
    rows.map((row) => text(row, 'name')),
  );
  for (const row of rows) {
    const name = text(row, 'name');
    const isView = row['type'] === 'view';
    const columns = keys.columnRows(name);
    yield {
      schema: null,
      name,
      kind: isView ? 'view' : 'table',
      comment: null,
      columns: columns.map(toColumn),
      primaryKey: primaryKey(columns),
      foreignKeys: isView ? [] : keys.foreign(name),
      uniqueKeys: isView ? [] : keys.unique(name),
      rowEstimate: isView ? null : estimate(name),
      readable: true,
    };
  }
}

export const versionOf = (database: DatabaseSync): string =>
  text(database.prepare('SELECT sqlite_version() AS version').get() ?? {}, 'version');

const text = (row: ObjectRow, name: string): string => String(row[name] ?? '');

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

/** What PRAGMAs say of tables, each prepared once. */
class Keys {
  readonly #columns: StatementSync;
  readonly #unique: StatementSync;
  readonly #foreign: StatementSync;
  /** Names as SQLite compares them, whatever their case. */
  readonly #names: ReadonlyMap<string, string>;

  constructor(database: DatabaseSync, names: readonly string[]) {
    this.#columns = database.prepare(COLUMNS);
    this.#unique = database.prepare(UNIQUE_KEYS);
    this.#foreign = database.prepare(FOREIGN_KEYS);
    this.#names = new Map(names.map((name) => [name.toLowerCase(), name]));
  }

  /** A view that names what is no longer there has no columns to ask for. */
  columnRows(table: string): ObjectRow[] {
    try {
      return this.#columns.all(table);
    } catch {
      return []; // it is listed without columns, and a query of it says what is missing
    }
  }

  /** An index on an expression has an unnamed column, and is no key of columns. */
  unique(table: string): string[][] {
    const byIndex = Map.groupBy(this.#unique.all(table), (row) => text(row, 'index_name'));
    return [...byIndex.values()].flatMap((rows) =>
      rows.some((row) => row['column_name'] === null) ? [] : [rows.map((row) => text(row, 'column_name'))],
    );
  }

  /** A key without columns means the other's primary key; one to what is not listed is left out. */
  foreign(table: string): ForeignKey[] {
    const byId = Map.groupBy(this.#foreign.all(table), (row) => text(row, 'id'));
    return [...byId.values()].flatMap((rows) => {
      const target = this.#names.get(text(rows[0] ?? {}, 'target').toLowerCase());
      if (target === undefined) return [];
      const isNamed = rows.every((row) => row['referenced'] !== null);
      const columns = isNamed ? rows.map((row) => text(row, 'referenced')) : primaryKey(this.columnRows(target));
      if (columns.length !== rows.length) return [];
      return [
        { columns: rows.map((row) => text(row, 'source')), references: { schema: null, table: target, columns } },
      ];
    });
  }
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
