import type { DuckDBConnection } from '@duckdb/node-api';
import { fold } from '#core/guard/dialects/duckdb/nodes.ts';
import type { ForeignKey, SchemaColumn, SchemaTable } from '#core/schema.ts';
import type { SchemaPage } from '../connector.ts';
import { enumValues } from '../enum-values.ts';
import { PageMaker } from '../page-maker.ts';
import { query, text, textOrNull, texts } from './query.ts';
import { kindOf } from './types.ts';

const OURS = 'database_name = current_database() AND NOT internal';
const TABLES = `
  SELECT * FROM (
  SELECT schema_name, table_name AS name, 'table' AS kind, comment, estimated_size::VARCHAR AS rows FROM duckdb_tables()
  WHERE ${OURS} AND NOT temporary
  UNION ALL
  SELECT schema_name, view_name, 'view', comment, NULL FROM duckdb_views() WHERE ${OURS} AND NOT temporary
  ) ORDER BY schema_name <> 'main', schema_name, name`;
/** In no order of ours, which would have DuckDB hold all of it: it goes through the tables, and each from left to right. */
const COLUMNS = `
  SELECT schema_name, table_name AS name, column_name, data_type, is_nullable, comment FROM duckdb_columns()
  WHERE ${OURS}`;
const KEYS = `
  SELECT schema_name, table_name AS name, constraint_type AS type, constraint_column_names AS columns,
    referenced_table, referenced_column_names AS referenced
  FROM duckdb_constraints()
  WHERE database_name = current_database() AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')
  ORDER BY constraint_index`;

type Rows = Awaited<ReturnType<typeof query>>;
type Row = Rows[number];

interface DescribeFileOptions {
  readonly schemas: readonly string[] | null;
  readonly onPage: (page: SchemaPage) => void;
}

/** Three queries; the file is open to readers only, so that nothing changes between them. */
export async function describeFile(
  connection: DuckDBConnection,
  { schemas, onPage }: DescribeFileOptions,
): Promise<void> {
  const asked = schemas?.map(fold);
  const isAsked = (row: Row): boolean => asked?.includes(fold(text(row, 'schema_name'))) ?? true;
  const keysOf = Map.groupBy((await query(connection, KEYS)).filter(isAsked), place);
  const tables = new Map<string, SchemaTable>();
  for (const row of (await query(connection, TABLES)).filter(isAsked)) {
    tables.set(place(row), readTable(row, keysOf.get(place(row)) ?? []));
  }
  const columns = await connection.stream(COLUMNS);
  for await (const rows of columns.yieldRowObjectJson()) {
    for (const row of rows) tables.get(place(row))?.columns.push(toColumn(row));
  }
  const pages = new PageMaker({ version: await versionOf(connection), defaultSchemas: ['main'] }, onPage);
  for (const table of tables.values()) pages.add(table);
  pages.end();
}

function readTable(row: Row, keys: Rows): SchemaTable {
  const isView = text(row, 'kind') === 'view';
  return {
    schema: text(row, 'schema_name'),
    name: text(row, 'name'),
    kind: isView ? 'view' : 'table',
    comment: textOrNull(row, 'comment'),
    columns: [],
    primaryKey: columnsOfKeys(keys, 'PRIMARY KEY')[0] ?? [],
    foreignKeys: foreignKeys(keys),
    uniqueKeys: columnsOfKeys(keys, 'UNIQUE'),
    rowEstimate: isView ? null : Math.max(0, Number(text(row, 'rows'))),
    readable: true,
  };
}

export async function versionOf(connection: DuckDBConnection): Promise<string> {
  const [row] = await query(connection, 'SELECT version() AS version');
  return text(row, 'version').replace(/^v/, '');
}

const place = (row: Row): string => JSON.stringify([text(row, 'schema_name'), text(row, 'name')]);

function toColumn(row: Row): SchemaColumn {
  const type = text(row, 'data_type');
  return {
    name: text(row, 'column_name'),
    type,
    kind: kindOf(type),
    nullable: row['is_nullable'] === true,
    comment: textOrNull(row, 'comment'),
    ...(type.startsWith('ENUM(') && type.endsWith(')') ? enumValues(type) : {}),
  };
}

const columnsOfKeys = (keys: Rows, type: string): string[][] =>
  keys.filter((key) => text(key, 'type') === type).map((key) => texts(key, 'columns'));

/** DuckDB has them within a schema only. */
const foreignKeys = (keys: Rows): ForeignKey[] =>
  keys
    .filter((key) => text(key, 'type') === 'FOREIGN KEY')
    .map((key) => ({
      columns: texts(key, 'columns'),
      references: {
        schema: text(key, 'schema_name'),
        table: text(key, 'referenced_table'),
        columns: texts(key, 'referenced'),
      },
    }));
