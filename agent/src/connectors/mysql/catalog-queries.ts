import { quoteText } from './quote.ts';

/** The servers' own; what is in them is nobody's data. */
const SYSTEM_SCHEMAS = "'information_schema', 'mysql', 'performance_schema', 'sys'";

/** The database of the URL, or where it names none all that the account may see. `column` holds a schema's name. */
export const inScope = (column: string, database: string | null): string =>
  database === null ? `${column} NOT IN (${SYSTEM_SCHEMAS})` : `${column} = ${quoteText(database)}`;

/** Sequences (MariaDB) are left out: nothing in them is data. */
export const tablesQuery = (database: string | null): string => `
  SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, TABLE_TYPE AS kind, TABLE_ROWS AS estimate, TABLE_COMMENT AS comment
  FROM information_schema.TABLES
  WHERE ${inScope('TABLE_SCHEMA', database)} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
  ORDER BY TABLE_SCHEMA, TABLE_NAME`;

export const columnsQuery = (database: string | null): string => `
  SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, COLUMN_NAME AS c, DATA_TYPE AS data_type, COLUMN_TYPE AS type,
         IS_NULLABLE AS nullable, COLUMN_COMMENT AS comment, FIND_IN_SET('select', PRIVILEGES) > 0 AS readable
  FROM information_schema.COLUMNS
  WHERE ${inScope('TABLE_SCHEMA', database)}
  ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`;

/** An index over the beginnings of texts, or over expressions, says nothing of whole columns. */
export const uniqueKeysQuery = (database: string | null): string => `
  SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, INDEX_NAME AS name, COLUMN_NAME AS c,
         SUB_PART IS NOT NULL OR COLUMN_NAME IS NULL AS partial
  FROM information_schema.STATISTICS
  WHERE ${inScope('TABLE_SCHEMA', database)} AND NON_UNIQUE = 0
  ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`;

export const foreignKeysQuery = (database: string | null): string => `
  SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, CONSTRAINT_NAME AS name, COLUMN_NAME AS c,
         REFERENCED_TABLE_SCHEMA AS target_s, REFERENCED_TABLE_NAME AS target_t, REFERENCED_COLUMN_NAME AS target_c
  FROM information_schema.KEY_COLUMN_USAGE
  WHERE ${inScope('TABLE_SCHEMA', database)} AND REFERENCED_TABLE_NAME IS NOT NULL
  ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`;

/** MariaDB's JSON is a longtext with a check of its own. */
export const jsonColumnsQuery = (database: string | null): string => `
  SELECT CONSTRAINT_SCHEMA AS s, TABLE_NAME AS t, CONSTRAINT_NAME AS c
  FROM information_schema.CHECK_CONSTRAINTS
  WHERE ${inScope('CONSTRAINT_SCHEMA', database)} AND LEVEL = 'Column' AND CHECK_CLAUSE LIKE 'json\\_valid(%)'`;
