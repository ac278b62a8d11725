import { VISIBLE_RELATIONS } from './visible-relations.ts';

/**
 * What describe asks PostgreSQL's catalogs: one query and so one snapshot, however many tables there are, a row for each of
 * them. Its parameter is a JSON array of the schemas to look at, an empty one for all. Everything it looks at may be seen by
 * every role.
 */

/** Functions answer NULL of what was dropped after the snapshot was taken. */
const READABLE = (relation: string) => `
  coalesce(pg_catalog.has_schema_privilege(${relation}.relnamespace, 'USAGE')
    AND (pg_catalog.has_table_privilege(${relation}.oid, 'SELECT')
      OR pg_catalog.has_any_column_privilege(${relation}.oid, 'SELECT')), false)`;

/**
 * A part of another table that has no column of its own: a partition, or an inheriting table made as one. What may be read
 * while the whole may not is no part to whoever asks.
 */
const IS_FOLDED = `
  EXISTS (
    SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class parent ON parent.oid = i.inhparent
    WHERE i.inhrelid = c.oid
      AND (c.relispartition OR (
        NOT EXISTS (SELECT FROM pg_catalog.pg_inherits other WHERE other.inhrelid = c.oid AND other.inhseqno > 1)
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0)))
      AND (${READABLE('parent')} OR NOT ${READABLE('c')}))`;

/** An extension's own tables and views are part of its machinery. */
const IS_OF_EXTENSION = `
  EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** Not counted yet is -1; before PostgreSQL 14 it was 0, as an empty table is, but for the pages that were counted with it. */
const COUNTED = `
  CASE WHEN c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0
    AND pg_catalog.current_setting('server_version_num')::int < 140000) THEN NULL ELSE c.reltuples END`;

const LISTED = `
  listed AS MATERIALIZED (
    SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, c.relkind = 'v' AS is_view,
           ${COUNTED} AS rows,
           coalesce(pg_catalog.has_table_privilege(c.oid, 'SELECT'), false) AS is_whole,
           ${READABLE('c')} AS readable
    FROM ${VISIBLE_RELATIONS}
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT ${IS_FOLDED} AND NOT ${IS_OF_EXTENSION}
      AND (pg_catalog.json_array_length($1::pg_catalog.json) = 0
        OR n.nspname IN (SELECT pg_catalog.json_array_elements_text($1::pg_catalog.json))))`;

/** What is below a table, down to the tables that hold the rows. */
const PARTS = `
  below AS (
    SELECT l.oid AS root, i.inhrelid AS part FROM listed l JOIN pg_catalog.pg_inherits i ON i.inhparent = l.oid
    UNION
    SELECT b.root, i.inhrelid FROM below b JOIN pg_catalog.pg_inherits i ON i.inhparent = b.part),
  parts AS (
    SELECT b.root, count(*) AS count, sum(${COUNTED}) AS rows
    FROM below b JOIN pg_catalog.pg_class c ON c.oid = b.part
    WHERE c.relkind <> 'p'
    GROUP BY b.root)`;

/** [schema, name] of what a listed table is a part of, through as many levels as there are. */
const PARENTS = `
  above AS (
    SELECT l.oid AS part, i.inhparent AS whole FROM listed l JOIN pg_catalog.pg_inherits i ON i.inhrelid = l.oid
    UNION
    SELECT a.part, i.inhparent FROM above a JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.whole),
  parents AS (
    SELECT a.part, pg_catalog.json_agg(pg_catalog.json_build_array(n.nspname, c.relname)) AS names
    FROM above a
    JOIN pg_catalog.pg_class c ON c.oid = a.whole
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    GROUP BY a.part)`;

/** Domains count as what they are made of, domains of domains too. */
const TYPES = `
  domains AS (
    SELECT t.oid, t.typbasetype AS base, t.typnotnull AS is_not_null FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
    UNION ALL
    SELECT d.oid, t.typbasetype, d.is_not_null OR t.typnotnull
    FROM domains d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype = 'd'),
  bases AS (
    SELECT d.oid, t.oid AS base, t.typname AS name, d.is_not_null
    FROM domains d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype <> 'd'),
  labels AS (
    SELECT e.enumtypid AS type, pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder) AS labels
    FROM pg_catalog.pg_enum e GROUP BY e.enumtypid)`;

/** [name, type, type's name, category, nullable, comment, labels]; of what is readable in part, only what may be read. */
const COLUMNS = `
  columns AS (
    SELECT a.attrelid AS relation, pg_catalog.json_agg(
      pg_catalog.json_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
        coalesce(b.name, t.typname), t.typcategory::text, NOT (a.attnotnull OR coalesce(b.is_not_null, false)),
        d.description, labels.labels)
      ORDER BY a.attnum) AS columns
    FROM listed l
    JOIN pg_catalog.pg_attribute a ON a.attrelid = l.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND (l.is_whole OR NOT l.readable OR pg_catalog.has_column_privilege(l.oid, a.attnum, 'SELECT'))
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN bases b ON b.oid = t.oid
    LEFT JOIN labels ON labels.type = coalesce(b.base, t.oid)
    LEFT JOIN pg_catalog.pg_description d
      ON d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
    GROUP BY a.attrelid)`;

function names(relation: string, numbers: string): string {
  return `(
      SELECT pg_catalog.json_agg(a.attname ORDER BY k.ordinal)
      FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY AS k (number, ordinal)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;
}

/** [is primary, names]: unique indexes, whether a constraint made them or not, but none that holds for some rows only. */
const UNIQUE_KEYS = `
  unique_keys AS (
    SELECT i.indrelid AS relation, pg_catalog.json_agg(
      pg_catalog.json_build_array(i.indisprimary, ${names('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')})
      ORDER BY i.indexrelid) AS keys
    FROM listed l
    JOIN pg_catalog.pg_index i ON i.indrelid = l.oid
      AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
    GROUP BY i.indrelid)`;

/** [names, schema, table, its names]; a key to what is not listed (a single partition) is left out. */
const FOREIGN_KEYS = `
  foreign_keys AS (
    SELECT f.conrelid AS relation, pg_catalog.json_agg(
      pg_catalog.json_build_array(${names('f.conrelid', 'f.conkey')}, target.schema, target.name,
        ${names('f.confrelid', 'f.confkey')})
      ORDER BY f.conname) AS keys
    FROM listed l
    JOIN pg_catalog.pg_constraint f ON f.conrelid = l.oid AND f.contype = 'f'
    JOIN listed target ON target.oid = f.confrelid
    GROUP BY f.conrelid)`;

export const DESCRIBE = `
  WITH RECURSIVE ${LISTED}, ${PARTS}, ${PARENTS}, ${TYPES}, ${COLUMNS}, ${UNIQUE_KEYS}, ${FOREIGN_KEYS}
  SELECT l.schema, l.name, l.kind, l.readable,
         (SELECT d.description FROM pg_catalog.pg_description d
          WHERE d.objoid = l.oid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = 0) AS comment,
         CASE WHEN l.is_view THEN NULL ELSE
           coalesce(CASE WHEN l.kind = 'p' THEN parts.rows ELSE l.rows + coalesce(parts.rows, 0) END, parts.rows)
         END::float8 AS row_estimate,
         coalesce(parts.count, 0)::text AS parts,
         coalesce(parents.names, '[]')::text AS parents,
         coalesce(columns.columns, '[]')::text AS columns,
         coalesce(unique_keys.keys, '[]')::text AS unique_keys,
         coalesce(foreign_keys.keys, '[]')::text AS foreign_keys
  FROM listed l
  LEFT JOIN parts ON parts.root = l.oid
  LEFT JOIN parents ON parents.part = l.oid
  LEFT JOIN columns ON columns.relation = l.oid
  LEFT JOIN unique_keys ON unique_keys.relation = l.oid
  LEFT JOIN foreign_keys ON foreign_keys.relation = l.oid
  ORDER BY l.schema, l.name`;

export const SERVER = `
  SELECT pg_catalog.current_setting('server_version') AS version,
         pg_catalog.array_to_json(pg_catalog.current_schemas(false))::text AS schemas`;
