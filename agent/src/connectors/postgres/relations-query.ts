/**
 * What is behind names, in one query: its parameter is a JSON array of {schema, name}. Everything it looks at may be seen
 * by every role.
 */

/**
 * Each name as the server would resolve it: `pg_temp` is the session's own, and without a schema the first of the search
 * path that has the name counts, whatever kind of thing it is there.
 */
const NAMED = `
  asked AS MATERIALIZED (
    SELECT t.ordinal, pg_catalog.json_extract_path_text(t.item, 'schema') AS schema,
           pg_catalog.json_extract_path_text(t.item, 'name')::pg_catalog.name AS name
    FROM pg_catalog.json_array_elements($1::pg_catalog.json) WITH ORDINALITY AS t (item, ordinal)),
  search_path AS MATERIALIZED (
    SELECT n.oid, t.ordinal
    FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY AS t (name, ordinal)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.name),
  named AS MATERIALIZED (
    SELECT a.ordinal, found.oid FROM asked a
    CROSS JOIN LATERAL (
      SELECT c.oid, c.relkind FROM search_path p
      JOIN pg_catalog.pg_class c ON c.relnamespace = p.oid AND c.relname = a.name
      WHERE a.schema IS NULL
      ORDER BY p.ordinal LIMIT 1) found
    WHERE found.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 't')
    UNION ALL
    SELECT a.ordinal, c.oid FROM asked a
    JOIN pg_catalog.pg_namespace n ON n.nspname = a.schema::pg_catalog.name
      OR (a.schema = 'pg_temp' AND n.oid = pg_catalog.pg_my_temp_schema())
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = a.name
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 't'))`;

/*
 * OFFSET 0 has the server look things up one by one, by index: it has no idea how few there are, and would rather read
 * whole catalogs.
 */

function nameOf(oid: string): string {
  return `CROSS JOIN LATERAL (
      SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ${oid} OFFSET 0) called`;
}

function rulesOf(view: string): string {
  return `CROSS JOIN LATERAL (
      SELECT r.oid, r.ev_action::pg_catalog.text AS text FROM pg_catalog.pg_rewrite r
      WHERE r.ev_class = ${view}.oid AND r.ev_type = '1' OFFSET 0) rule`;
}

function relationsIn(rule: string): string {
  return `CROSS JOIN LATERAL (
      SELECT DISTINCT (m.found)[1]::pg_catalog.oid AS relation
      FROM pg_catalog.regexp_matches(${rule}, ':relid ([0-9]+)', 'g') AS m (found) OFFSET 0) t`;
}

/**
 * What the SELECT rules of views name, and their columns. pg_depend knows the columns, but neither a row that is taken as a
 * whole (it may know of other columns then) nor what belongs to the system: both are to be found in the rule itself.
 */
const EDGES = `
  viewed AS (
    SELECT oid FROM named
    UNION
    SELECT t.relation FROM viewed v ${rulesOf('v')} ${relationsIn('rule.text')}),
  edges AS MATERIALIZED (
    SELECT v.oid AS view, t.relation, d.number FROM viewed v ${rulesOf('v')} ${relationsIn('rule.text')}
    LEFT JOIN LATERAL (
      SELECT d.refobjsubid AS number FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = rule.oid
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = t.relation
        AND d.refobjsubid <> 0 AND pg_catalog.strpos(rule.text, ':varattno 0 ') = 0
      OFFSET 0) d ON true
    WHERE t.relation <> v.oid)`;

/** Through as many views as there are. */
const READS = `
  reached AS (
    SELECT DISTINCT oid AS root, oid AS view FROM named
    UNION
    SELECT r.root, e.relation FROM reached r JOIN edges e ON e.view = r.view),
  reads AS MATERIALIZED (
    SELECT r.root, e.relation, e.number FROM reached r JOIN edges e ON e.view = r.view)`;

/** The tables above a partition or an inheriting table. */
const ANCESTORS = `
  climbed AS (
    SELECT t.oid AS relation, up.inhparent AS ancestor, 1 AS distance
    FROM (SELECT oid FROM named UNION SELECT relation FROM reads) t
    CROSS JOIN LATERAL (SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = t.oid OFFSET 0) up
    UNION
    SELECT a.relation, i.inhparent, a.distance + 1 FROM climbed a
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.ancestor),
  ancestors AS MATERIALIZED (
    SELECT relation, ancestor, min(distance) AS distance FROM climbed GROUP BY relation, ancestor)`;

const PARENTS = `
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object('schema', called.schema, 'name', called.name)
    ORDER BY a.distance, a.ancestor)
  FROM ancestors a ${nameOf('a.ancestor')}
  WHERE a.relation = named.oid`;

const COLUMNS = `
  SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = named.oid AND a.attnum > 0 AND NOT a.attisdropped`;

/** A column that is read of a partition counts as read of the tables above it too. */
const READ_COLUMNS = `
  SELECT pg_catalog.json_agg(
    pg_catalog.json_build_object('schema', called.schema, 'name', called.name, 'column', (
      SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.relation AND a.attnum = r.number))
    ORDER BY called.schema, called.name, r.number)
  FROM (
    SELECT relation AS known_as, relation, number FROM reads WHERE root = named.oid
    UNION
    SELECT up.ancestor, r.relation, r.number FROM reads r JOIN ancestors up ON up.relation = r.relation
    WHERE r.root = named.oid) r ${nameOf('r.known_as')}`;

/** To be run before it: from its estimates the server would think it worth compiling, which takes seconds. */
export const WITHOUT_JIT = "SELECT pg_catalog.set_config('jit', 'off', true)";

export const RELATIONS = `
  WITH RECURSIVE ${NAMED}, ${EDGES}, ${READS}, ${ANCESTORS}
  SELECT named.ordinal::text AS ordinal, called.schema, called.name,
         coalesce((${COLUMNS}), '[]')::text AS columns,
         coalesce((${PARENTS}), '[]')::text AS parents,
         coalesce((${READ_COLUMNS}), '[]')::text AS reads
  FROM named ${nameOf('named.oid')}
  ORDER BY named.ordinal`;
