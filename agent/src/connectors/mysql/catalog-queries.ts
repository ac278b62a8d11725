import { quoteText } from './quote.ts';

/** The servers' own; what is in them is nobody's data. */
const SYSTEM_SCHEMAS = "'information_schema', 'mysql', 'performance_schema', 'sys'";

/** The database of the URL, or where it names none all that the account may see. `column` holds a schema's name. */
export const inScope = (column: string, database: string | null): string =>
  database === null ? `${column} NOT IN (${SYSTEM_SCHEMAS})` : `${column} = ${quoteText(database)}`;

/** What is to be described: within the scope only these schemas, where they are given. */
export interface Scope {
  readonly database: string | null;
  readonly schemas: readonly string[] | null;
}

/** One schema is asked for by equality: that is what the servers look up, and do not look through all others for. */
function within(column: string, { database, schemas }: Scope): string {
  if (schemas === null) return inScope(column, database);
  const named = schemas.length === 1 ? `= ${quoteText(schemas[0] ?? '')}` : `IN (${schemas.map(quoteText).join(', ')})`;
  return `${inScope(column, database)} AND ${column} ${named}`;
}

/** By bytes: names that differ in the case of a letter are two tables and must not mix. */
const inOrder = (...columns: readonly string[]): string =>
  columns
    .map((column) => (column.endsWith('POSITION') || column === 'SEQ_IN_INDEX' ? column : `BINARY ${column}`))
    .join(', ');

/** Sequences (MariaDB) are left out: nothing in them is data. */
export const tablesQuery = (scope: Scope): string => `
  SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, TABLE_TYPE AS kind, TABLE_ROWS AS estimate, TABLE_COMMENT AS comment,
         COALESCE(CREATE_OPTIONS LIKE '%partitioned%', 0) AS partitioned
  FROM information_schema.TABLES
  WHERE ${within('TABLE_SCHEMA', scope)} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
  ORDER BY ${inOrder('TABLE_SCHEMA', 'TABLE_NAME')}`;

export const columnsQuery = (scope: Scope): string => `
  SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, COLUMN_NAME AS c, DATA_TYPE AS data_type, COLUMN_TYPE AS type,
         IS_NULLABLE AS nullable, COLUMN_COMMENT AS comment, FIND_IN_SET('select', PRIVILEGES) > 0 AS readable
  FROM information_schema.COLUMNS
  WHERE ${within('TABLE_SCHEMA', scope)}
  ORDER BY ${inOrder('TABLE_SCHEMA', 'TABLE_NAME', 'ORDINAL_POSITION')}`;

/** An index over the beginnings of texts, or over expressions, says nothing of whole columns. */
export const uniqueKeysQuery = (scope: Scope): string => `
  SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, INDEX_NAME AS name, COLUMN_NAME AS c,
         SUB_PART IS NOT NULL OR COLUMN_NAME IS NULL AS partial
  FROM information_schema.STATISTICS
  WHERE ${within('TABLE_SCHEMA', scope)} AND NON_UNIQUE = 0
  ORDER BY ${inOrder('TABLE_SCHEMA', 'TABLE_NAME', 'INDEX_NAME', 'SEQ_IN_INDEX')}`;

export const foreignKeysQuery = (scope: Scope): string => `
  SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, CONSTRAINT_NAME AS name, COLUMN_NAME AS c,
         REFERENCED_TABLE_SCHEMA AS target_s, REFERENCED_TABLE_NAME AS target_t, REFERENCED_COLUMN_NAME AS target_c
  FROM information_schema.KEY_COLUMN_USAGE
  WHERE ${within('TABLE_SCHEMA', scope)} AND REFERENCED_TABLE_NAME IS NOT NULL
  ORDER BY ${inOrder('TABLE_SCHEMA', 'TABLE_NAME', 'CONSTRAINT_NAME', 'ORDINAL_POSITION')}`;

/** Subpartitions count each, as they are what holds rows. */
export const partitionsQuery = (scope: Scope): string => `
  SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, COUNT(*) AS parts
  FROM information_schema.PARTITIONS
  WHERE ${within('TABLE_SCHEMA', scope)} AND PARTITION_NAME IS NOT NULL
  GROUP BY TABLE_SCHEMA, TABLE_NAME`;

/** MariaDB's JSON is a longtext with a check of its own. */
export const jsonColumnsQuery = (scope: Scope): string => `
  SELECT CONSTRAINT_SCHEMA AS s, TABLE_NAME AS t, CONSTRAINT_NAME AS c
  FROM information_schema.CHECK_CONSTRAINTS
  WHERE ${within('CONSTRAINT_SCHEMA', scope)} AND LEVEL = 'Column' AND CHECK_CLAUSE LIKE 'json\\_valid(%)'`;
