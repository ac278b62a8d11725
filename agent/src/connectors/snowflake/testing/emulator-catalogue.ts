/** Snowflake's names for what DuckDB knows, in views of the schema SF_INFO: the name INFORMATION_SCHEMA is taken. */
const NAME = (name: string) =>
  `CASE WHEN regexp_full_match(${name}, '[a-z_][a-z0-9_]*') THEN upper(${name}) ELSE ${name} END`;
const OWN = "database_name = 'SHOP' AND schema_name <> 'SF_INFO' AND NOT internal";

const TYPE = `CASE
  WHEN data_type LIKE '%INT%' OR data_type LIKE 'DECIMAL%' THEN 'NUMBER' WHEN data_type IN ('VARCHAR') THEN 'TEXT'
  WHEN data_type LIKE 'TIMESTAMP WITH%' THEN 'TIMESTAMP_LTZ' WHEN data_type LIKE 'TIMESTAMP%' THEN 'TIMESTAMP_NTZ'
  WHEN data_type IN ('DOUBLE', 'FLOAT') THEN 'FLOAT' WHEN data_type = 'JSON' THEN 'VARIANT'
  WHEN data_type = 'BLOB' THEN 'BINARY' ELSE data_type END`;

export const CATALOGUE: readonly string[] = [
  'ATTACH \':memory:\' AS "SHOP"',
  'CREATE SCHEMA "SHOP"."PUBLIC"',
  'CREATE SCHEMA "SHOP".SF_INFO',
  'USE "SHOP"."PUBLIC"',
  'CREATE MACRO to_binary(t) AS unhex(t)',
  `CREATE MACRO to_char(d, f) AS
     strftime(d, replace(replace(replace(f, 'YYYY', '%Y'), 'MM', '%m'), 'DD', '%d'))`,
  'CREATE MACRO parse_json(t) AS CAST(t AS JSON)',
  `CREATE VIEW SF_INFO.TABLES AS
     SELECT schema_name AS TABLE_SCHEMA, ${NAME('table_name')} AS TABLE_NAME, 'BASE TABLE' AS TABLE_TYPE,
            estimated_size AS ROW_COUNT, comment AS COMMENT FROM duckdb_tables() WHERE ${OWN}
     UNION ALL
     SELECT schema_name, ${NAME('view_name')}, 'VIEW', NULL, comment FROM duckdb_views() WHERE ${OWN}`,
  `CREATE VIEW SF_INFO.COLUMNS AS
     SELECT schema_name AS TABLE_SCHEMA, ${NAME('table_name')} AS TABLE_NAME, ${NAME('column_name')} AS COLUMN_NAME,
            ${TYPE} AS DATA_TYPE, CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS IS_NULLABLE,
            NULL AS CHARACTER_MAXIMUM_LENGTH,
            CASE WHEN data_type LIKE '%INT%' THEN '38' ELSE CAST(numeric_precision AS VARCHAR) END AS NUMERIC_PRECISION,
            CASE WHEN data_type LIKE '%INT%' THEN '0' ELSE CAST(numeric_scale AS VARCHAR) END AS NUMERIC_SCALE,
            NULL AS DATETIME_PRECISION, comment AS COMMENT, column_index AS ORDINAL_POSITION
     FROM duckdb_columns() WHERE ${OWN}`,
  `CREATE VIEW SF_INFO.VIEWS AS
     SELECT schema_name AS TABLE_SCHEMA, ${NAME('view_name')} AS TABLE_NAME, regexp_replace(sql, '"([a-z_]+)"', '\\1', 'g') AS VIEW_DEFINITION
     FROM duckdb_views() WHERE ${OWN}`,
];
