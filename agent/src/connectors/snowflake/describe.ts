import type { SchemaColumn, SchemaTable } from '#core/schema.ts';
import { ColumnStream } from '../column-stream.ts';
import type { SchemaPage } from '../connector.ts';
import { PageMaker } from '../page-maker.ts';
import { quoteIdentifier } from '../quote-identifier.ts';
import type { TextRow } from './text-query.ts';
import { kindOf, type RowType, typeName } from './types.ts';

const TABLES = `
  SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ROW_COUNT, COMMENT FROM INFORMATION_SCHEMA.TABLES
  WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA' ORDER BY TABLE_SCHEMA, TABLE_NAME`;
const COLUMNS = `
  SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION,
         NUMERIC_SCALE, DATETIME_PRECISION, COMMENT
  FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA'
  ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`;

const KINDS: Readonly<Record<string, SchemaTable['kind']>> = {
  VIEW: 'view',
  'MATERIALIZED VIEW': 'materialized view',
  'EXTERNAL TABLE': 'foreign table',
};

export interface Server {
  readonly version: string;
  readonly database: string;
  readonly schema: string | null;
}

interface DescribeDatabaseOptions {
  readonly query: (sql: string) => Promise<TextRow[]>;
  readonly schemas: readonly string[] | null;
  readonly onPage: (page: SchemaPage) => void;
}

/** Two queries of the INFORMATION_SCHEMA, which has what the role may see, and three SHOWs for the keys. */
export async function describeDatabase(
  { version, database, schema }: Server,
  { query, schemas, onPage }: DescribeDatabaseOptions,
): Promise<void> {
  const tables = new Map<string, SchemaTable>();
  // Names are in upper case unless somebody has quoted them: both are meant.
  const asked = schemas?.map((name) => name.toUpperCase());
  const isAsked = (name: string): boolean => asked?.includes(name.toUpperCase()) ?? true;
  for (const row of await query(TABLES)) {
    const table = readTable(row);
    if (isAsked(row.text('table_schema'))) tables.set(key(table.schema, table.name), table);
  }
  const tableOf = (row: TextRow, prefix = '') =>
    tables.get(key(row.textOrNull(`${prefix}schema_name`), row.textOrNull(`${prefix}table_name`)));
  const within = `IN DATABASE ${quoteIdentifier(database)}`;
  for (const keys of grouped(await query(`SHOW PRIMARY KEYS ${within}`), 'constraint_name')) {
    const [first] = keys;
    if (first) tableOf(first)?.primaryKey.push(...keys.map((row) => row.text('column_name')));
  }
  for (const keys of grouped(await query(`SHOW UNIQUE KEYS ${within}`), 'constraint_name')) {
    const [first] = keys;
    if (first) tableOf(first)?.uniqueKeys.push(keys.map((row) => row.text('column_name')));
  }
  for (const keys of grouped(await query(`SHOW IMPORTED KEYS ${within}`), 'fk_name')) {
    const [first] = keys;
    const target = first && tableOf(first, 'pk_');
    if (!first || !target) continue;
    tableOf(first, 'fk_')?.foreignKeys.push({
      columns: keys.map((row) => row.text('fk_column_name')),
      references: {
        schema: target.schema,
        table: target.name,
        columns: keys.map((row) => row.text('pk_column_name')),
      },
    });
  }
  const pages = new PageMaker({ version, defaultSchemas: schema === null ? [] : [schema] }, onPage);
  const stream = new ColumnStream<SchemaColumn>({
    tables,
    complete: (table, columns) => ({ ...table, columns }),
    pages,
  });
  for (const row of await query(COLUMNS)) {
    stream.add(key(row.text('table_schema'), row.text('table_name')), readColumn(row));
  }
  stream.end();
}

const key = (schema: string | null, table: string | null): string => JSON.stringify([schema, table]);

/** Rows of the same constraint of the same table, by their places in it. */
function grouped(rows: readonly TextRow[], name: string): TextRow[][] {
  const groups = Map.groupBy(rows, (row) =>
    JSON.stringify(
      ['schema_name', 'table_name', 'fk_schema_name', 'fk_table_name', name].map((one) => row.textOrNull(one)),
    ),
  );
  const place = (row: TextRow) => row.numberOrNull('key_sequence') ?? 0;
  return [...groups.values()].map((group) => group.toSorted((a, b) => place(a) - place(b)));
}

function readTable(row: TextRow): SchemaTable {
  const kind = KINDS[row.text('table_type')] ?? 'table';
  return {
    schema: row.text('table_schema'),
    name: row.text('table_name'),
    kind,
    comment: row.textOrNull('comment') || null,
    columns: [],
    primaryKey: [],
    foreignKeys: [],
    uniqueKeys: [],
    rowEstimate: kind === 'view' ? null : row.numberOrNull('row_count'),
    readable: true,
  };
}

/** What the INFORMATION_SCHEMA calls otherwise than the protocol. */
const WIRE_TYPES: Readonly<Record<string, string>> = { number: 'fixed', float: 'real' };
const EXTENSIONS: ReadonlySet<string> = new Set(['GEOGRAPHY', 'GEOMETRY']);

function readColumn(row: TextRow): SchemaColumn {
  const dataType = row.text('data_type');
  const lower = dataType.toLowerCase();
  const type: Omit<RowType, 'name'> = {
    type: WIRE_TYPES[lower] ?? lower,
    precision: row.numberOrNull('numeric_precision'),
    scale: row.numberOrNull('numeric_scale') ?? row.numberOrNull('datetime_precision'),
    length: row.numberOrNull('character_maximum_length'),
    extTypeName: EXTENSIONS.has(dataType) ? dataType : null,
  };
  return {
    name: row.text('column_name'),
    type: typeName(type),
    kind: kindOf(type),
    nullable: row.text('is_nullable') === 'YES',
    comment: row.textOrNull('comment') || null,
  };
}
