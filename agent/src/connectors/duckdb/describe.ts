import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatabaseSchema, ForeignKey, SchemaColumn, SchemaTable } from '#core/schema.ts';
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
const COLUMNS = `
  SELECT schema_name, table_name AS name, column_name, data_type, is_nullable, comment FROM duckdb_columns()
  WHERE ${OURS} ORDER BY schema_name, name, column_index`;
const KEYS = `
  SELECT schema_name, table_name AS name, constraint_type AS type, constraint_column_names AS columns,
    referenced_table, referenced_column_names AS referenced
  FROM duckdb_constraints() WHERE database_name = current_database() ORDER BY constraint_index`;

type Rows = Awaited<ReturnType<typeof query>>;

export async function describeFile(connection: DuckDBConnection): Promise<DatabaseSchema> {
  const columnsOf = grouped(await query(connection, COLUMNS));
  const keysOf = grouped(await query(connection, KEYS));
  const rows = await query(connection, TABLES);
  const tables = rows.map((row): SchemaTable => {
    const keys = keysOf.get(place(row)) ?? [];
    const isView = text(row, 'kind') === 'view';
    return {
      schema: text(row, 'schema_name'),
      name: text(row, 'name'),
      kind: isView ? 'view' : 'table',
      comment: textOrNull(row, 'comment'),
      columns: (columnsOf.get(place(row)) ?? []).map(toColumn),
      primaryKey: columnsOfKeys(keys, 'PRIMARY KEY')[0] ?? [],
      foreignKeys: foreignKeys(keys),
      uniqueKeys: columnsOfKeys(keys, 'UNIQUE'),
      rowEstimate: isView ? null : Math.max(0, Number(text(row, 'rows'))),
      readable: true,
    };
  });
  return { dialect: 'duckdb', version: await versionOf(connection), defaultSchemas: ['main'], tables };
}

export async function versionOf(connection: DuckDBConnection): Promise<string> {
  const [row] = await query(connection, 'SELECT version() AS version');
  return text(row, 'version').replace(/^v/, '');
}

const place = (row: Rows[number]): string => JSON.stringify([text(row, 'schema_name'), text(row, 'name')]);

function grouped(rows: Rows): Map<string, Rows[number][]> {
  const groups = new Map<string, Rows[number][]>();
  for (const row of rows) {
    const group = groups.get(place(row));
    if (group === undefined) groups.set(place(row), [row]);
    else group.push(row);
  }
  return groups;
}

const toColumn = (row: Rows[number]): SchemaColumn => ({
  name: text(row, 'column_name'),
  type: text(row, 'data_type'),
  kind: kindOf(text(row, 'data_type')),
  nullable: row['is_nullable'] === true,
  comment: textOrNull(row, 'comment'),
});

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
