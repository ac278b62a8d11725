import type { SchemaColumn, SchemaTable } from '#core/schema.ts';
import { ColumnStream } from '../column-stream.ts';
import type { DescribeOptions, SchemaPage } from '../connector.ts';
import { enumValues } from '../enum-values.ts';
import { PageMaker } from '../page-maker.ts';
import type { TextRow } from '../text-row.ts';
import {
  columnsQuery,
  foreignKeysQuery,
  jsonColumnsQuery,
  partitionsQuery,
  type Scope,
  tablesQuery,
  uniqueKeysQuery,
} from './catalog-queries.ts';
import type { Session } from './session.ts';
import { forEachRow, queryText } from './text-query.ts';
import { kindOf } from './types.ts';

const TIMEOUT_MS = 60_000;

/** Of each column whether the account may read it. */
interface ReadColumn {
  readonly column: SchemaColumn;
  readonly isReadable: boolean;
}

type Tables = ReadonlyMap<string, SchemaTable>;

/**
 * Reads information_schema in a few queries, whatever the number of tables; it shows what the account has rights on, and
 * knows no snapshots. Tables and their keys first; then the columns, by far the most, are handed on while they come.
 */
export async function describeDatabase(
  session: Session,
  { database, schemas = null, signal }: DescribeOptions & { readonly database: string | null },
  onPage: (page: SchemaPage) => void,
): Promise<void> {
  const within = { timeoutMs: TIMEOUT_MS, signal };
  const scope = { database, schemas };
  const query = (statement: string) => queryText(session, { statement, ...within });
  const { isMariadb, version } = session.server;
  const tables = await readTables(query, scope);
  const json = isMariadb ? await query(jsonColumnsQuery(scope)) : [];
  const jsonColumns = new Set(json.map((row) => JSON.stringify([row.text('s'), row.text('t'), row.text('c')])));
  const pages = new PageMaker({ version, defaultSchemas: database === null ? [] : [database] }, onPage);
  const stream = new ColumnStream<ReadColumn>({ tables, complete: withColumns, pages });
  await forEachRow(session, { statement: columnsQuery(scope), ...within }, (row) => {
    const isJson = jsonColumns.has(JSON.stringify([row.text('s'), row.text('t'), row.text('c')]));
    stream.add(keyOf(row), { column: readColumn(row, isJson), isReadable: row.text('readable') === '1' });
  });
  stream.end();
}

async function readTables(
  query: (statement: string) => Promise<TextRow[]>,
  scope: Scope,
): Promise<Map<string, SchemaTable>> {
  const tables = new Map<string, SchemaTable>();
  let isPartitioned = false;
  for (const row of await query(tablesQuery(scope))) {
    tables.set(keyOf(row), readTable(row));
    isPartitioned ||= row.text('partitioned') === '1';
  }
  addUniqueKeys(await query(uniqueKeysQuery(scope)), tables);
  addForeignKeys(await query(foreignKeysQuery(scope)), tables);
  for (const row of isPartitioned ? await query(partitionsQuery(scope)) : []) {
    const table = tables.get(keyOf(row));
    if (table !== undefined) table.partitions = row.number('parts');
  }
  return tables;
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
    ...(dataType === 'enum' ? enumValues(type) : {}),
  };
}

/** Of a table that is readable in part, the columns that are. */
function withColumns(table: SchemaTable, columns: readonly ReadColumn[]): SchemaTable {
  const readable = columns.filter(({ isReadable }) => isReadable);
  const shown = readable.length === 0 ? columns : readable;
  return { ...table, columns: shown.map(({ column }) => column), readable: readable.length > 0 };
}

function addUniqueKeys(rows: readonly TextRow[], tables: Tables): void {
  for (const group of grouped(rows)) {
    const [first] = group;
    const table = first && tables.get(keyOf(first));
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
    const table = first && tables.get(keyOf(first));
    if (first === undefined || table === undefined) continue;
    const target = tables.get(JSON.stringify([first.text('target_s'), first.text('target_t')]));
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
