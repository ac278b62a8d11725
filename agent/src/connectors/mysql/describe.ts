import type { DatabaseSchema, SchemaColumn, SchemaTable } from '#core/schema.ts';
import type { TextRow } from '../text-row.ts';
import { columnsQuery, foreignKeysQuery, jsonColumnsQuery, tablesQuery, uniqueKeysQuery } from './catalog-queries.ts';
import type { ServerFacts } from './session.ts';
import { kindOf } from './types.ts';

interface DescribeOptions {
  readonly server: ServerFacts;
  readonly database: string | null;
  readonly query: (statement: string) => Promise<TextRow[]>;
}

interface Described {
  readonly table: SchemaTable;
  /** Of each column whether the account may read it. */
  readonly columns: { readonly column: SchemaColumn; readonly isReadable: boolean }[];
}

type Tables = ReadonlyMap<string, Described>;

/** Reads information_schema in four or five queries, whatever the number of tables; it shows what the account has rights on. */
export async function describeDatabase({ server, database, query }: DescribeOptions): Promise<DatabaseSchema> {
  const tables = new Map<string, Described>();
  for (const row of await query(tablesQuery(database))) {
    tables.set(keyOf(row), { table: readTable(row), columns: [] });
  }
  const json = server.isMariadb ? await query(jsonColumnsQuery(database)) : [];
  const jsonColumns = new Set(json.map((row) => JSON.stringify([row.text('s'), row.text('t'), row.text('c')])));
  for (const row of await query(columnsQuery(database))) {
    const isJson = jsonColumns.has(JSON.stringify([row.text('s'), row.text('t'), row.text('c')]));
    const isReadable = row.text('readable') === '1';
    tables.get(keyOf(row))?.columns.push({ column: readColumn(row, isJson), isReadable });
  }
  addUniqueKeys(await query(uniqueKeysQuery(database)), tables);
  addForeignKeys(await query(foreignKeysQuery(database)), tables);
  return {
    dialect: server.isMariadb ? 'mariadb' : 'mysql',
    version: server.version,
    defaultSchemas: database === null ? [] : [database],
    tables: [...tables.values()].map(withColumns),
  };
}

const keyOf = (row: TextRow): string => JSON.stringify([row.text('s'), row.text('t')]);

function readTable(row: TextRow): SchemaTable {
  const isView = row.text('kind') === 'VIEW';
  const estimate = row.textOrNull('estimate');
  return {
    schema: row.text('s'),
    name: row.text('t'),
    kind: isView ? 'view' : 'table',
    // A view's is the word VIEW, or why it is broken.
    comment: isView ? null : row.textOrNull('comment') || null,
    columns: [],
    primaryKey: [],
    foreignKeys: [],
    uniqueKeys: [],
    rowEstimate: isView || estimate === null ? null : Number(estimate),
    readable: false,
  };
}

function readColumn(row: TextRow, isJson: boolean): SchemaColumn {
  const type = row.text('type');
  const dataType = isJson ? 'json' : row.text('data_type').toLowerCase();
  return {
    name: row.text('c'),
    type: isJson ? 'json' : type,
    // How MySQL and MariaDB store what is declared BOOLEAN.
    kind: type === 'tinyint(1)' ? 'boolean' : kindOf(dataType),
    nullable: row.text('nullable') === 'YES',
    comment: row.textOrNull('comment') || null,
  };
}

/** Of a table that is readable in part, the columns that are. */
function withColumns({ table, columns }: Described): SchemaTable {
  const readable = columns.filter(({ isReadable }) => isReadable);
  const shown = readable.length === 0 ? columns : readable;
  return { ...table, columns: shown.map(({ column }) => column), readable: readable.length > 0 };
}

function addUniqueKeys(rows: readonly TextRow[], tables: Tables): void {
  for (const group of grouped(rows)) {
    const [first] = group;
    const table = first && tables.get(keyOf(first))?.table;
    if (first === undefined || table === undefined || group.some((row) => row.text('partial') === '1')) continue;
    const columns = group.map((row) => row.text('c'));
    if (first.text('name') === 'PRIMARY') table.primaryKey.push(...columns);
    else table.uniqueKeys.push(columns);
  }
}

/** A key to what is not listed is left out. */
function addForeignKeys(rows: readonly TextRow[], tables: Tables): void {
  for (const group of grouped(rows)) {
    const [first] = group;
    const table = first && tables.get(keyOf(first))?.table;
    if (first === undefined || table === undefined) continue;
    const target = tables.get(JSON.stringify([first.text('target_s'), first.text('target_t')]))?.table;
    if (target === undefined) continue;
    table.foreignKeys.push({
      columns: group.map((row) => row.text('c')),
      references: { schema: target.schema, table: target.name, columns: group.map((row) => row.text('target_c')) },
    });
  }
}

/** Rows of one key each; they come in order. */
function grouped(rows: readonly TextRow[]): TextRow[][] {
  const groups = new Map<string, TextRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.text('s'), row.text('t'), row.text('name')]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
