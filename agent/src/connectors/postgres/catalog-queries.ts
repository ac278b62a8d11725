/**
 * What describe asks PostgreSQL's catalogs, one query for each kind of thing, so that thousands of
 * tables take no more round trips than one. Partitions are folded into their parent, and system
 * schemas and other sessions' temporary tables left out.
 */

/** Relations a statement may read, with `c` for pg_class and `n` for pg_namespace. */
export const VISIBLE_RELATIONS = `
  pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp\\_%'`;

const LISTED = `c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition`;

export const SERVER = `
  SELECT pg_catalog.current_setting('server_version') AS version,
         pg_catalog.array_to_json(pg_catalog.current_schemas(false))::text AS schemas`;

/** Not counted yet is -1; before PostgreSQL 14 it was 0, as an empty table is, but for the pages that were counted with it. */
const counted = (relation: string): string => `nullif(${relation}.reltuples,
  CASE WHEN ${relation}.relpages = 0 AND pg_catalog.current_setting('server_version_num')::int < 140000 THEN 0 ELSE -1 END)`;

export const TABLES = `
  SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, d.description AS comment,
         pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AS readable,
         pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT') AS partly_readable,
         CASE c.relkind
           WHEN 'v' THEN NULL
           WHEN 'p' THEN (
             SELECT sum(${counted('leaf')}) FROM pg_catalog.pg_partition_tree(c.oid) part
             JOIN pg_catalog.pg_class leaf ON leaf.oid = part.relid WHERE part.isleaf)
           ELSE ${counted('c')}
         END::float8 AS row_estimate
  FROM ${VISIBLE_RELATIONS}
  LEFT JOIN pg_catalog.pg_description d
    ON d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
  WHERE ${LISTED}
  ORDER BY n.nspname, c.relname`;

/** A domain counts as its base type; only of partly readable tables is each column's right looked at. */
export const COLUMNS = `
  SELECT a.attrelid::text AS relation, a.attnum::text AS number, a.attname AS name,
         pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
         coalesce(base.typname, t.typname) AS type_name, t.typcategory::text AS category,
         NOT (a.attnotnull OR t.typnotnull) AS nullable, d.description AS comment,
         pg_catalog.has_table_privilege(c.oid, 'SELECT')
           OR pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT') AS readable
  FROM ${VISIBLE_RELATIONS}
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_type base ON t.typtype = 'd' AND base.oid = t.typbasetype
  LEFT JOIN pg_catalog.pg_description d
    ON d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = a.attnum
  WHERE ${LISTED}
  ORDER BY a.attrelid, a.attnum`;

/** Primary keys and unique indexes, whether a constraint made them or not, but none that holds for some rows only. */
export const UNIQUE_KEYS = `
  SELECT i.indrelid::text AS relation, i.indisprimary AS is_primary,
         pg_catalog.array_to_json((i.indkey::int2[])[0:i.indnkeyatts - 1])::text AS columns
  FROM ${VISIBLE_RELATIONS}
  JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
    AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  WHERE ${LISTED}
  ORDER BY i.indrelid, i.indexrelid`;

export const FOREIGN_KEYS = `
  SELECT k.conrelid::text AS relation, k.confrelid::text AS target,
         pg_catalog.array_to_json(k.conkey)::text AS columns, pg_catalog.array_to_json(k.confkey)::text AS target_columns
  FROM ${VISIBLE_RELATIONS}
  JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'
  WHERE ${LISTED}
  ORDER BY k.conrelid, k.conname`;
