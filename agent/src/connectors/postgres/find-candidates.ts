import type { TableName } from '#core/guard/verdict.ts';
import type { Relation } from '#core/policy/relation.ts';
import type { FindOptions } from '../connector.ts';
import type { TextRow } from '../text-row.ts';
import { VISIBLE_RELATIONS } from './visible-relations.ts';

const MAX_COLUMNS = 600;

export interface Candidate {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly rows: number;
  /** Its rows are, or may be, those of other tables too: a materialized view's, an inheriting table's. */
  readonly isDerived: boolean;
}

/**
 * Columns that hold text, of tables the role may read, the small ones first. Never analysed, a
 * table's size on disk stands in for its rows.
 */
export const CANDIDATES = `
  SELECT n.nspname AS schema, c.relname AS "table", a.attname AS "column", e.rows::text AS rows,
         c.relkind = 'm' OR EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) AS derived
  FROM ${VISIBLE_RELATIONS}
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_type base ON t.typtype = 'd' AND base.oid = t.typbasetype
  CROSS JOIN LATERAL (
    SELECT CASE WHEN c.relkind = 'p' THEN (
             SELECT sum(greatest(leaf.reltuples, leaf.relpages * 50.0)) FROM pg_catalog.pg_partition_tree(c.oid) part
             JOIN pg_catalog.pg_class leaf ON leaf.oid = part.relid WHERE part.isleaf)
           WHEN c.reltuples >= 0 THEN c.reltuples
           ELSE pg_catalog.pg_relation_size(c.oid) / 100.0 END AS rows) e
  WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
    AND (c.relkind <> 'm' OR c.relispopulated)
    AND (coalesce(base.typname, t.typname) IN ('text', 'varchar', 'bpchar', 'citext', 'name') OR t.typtype = 'e')
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    AND (pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'))
  ORDER BY e.rows, c.oid, a.attnum
  LIMIT ${MAX_COLUMNS}`;

export const readCandidate = (row: TextRow): Candidate => ({
  schema: row.text('schema'),
  table: row.text('table'),
  column: row.text('column'),
  rows: row.number('rows'),
  isDerived: row.boolean('derived'),
});

interface SkipOptions {
  readonly skip: FindOptions['skip'];
  readonly relations: (tables: readonly TableName[]) => Promise<Relation[]>;
}

/** Without columns that are to be skipped, for their own name's sake or for that of a table whose rows they show. */
export async function withoutSkipped(
  all: readonly Candidate[],
  { skip, relations }: SkipOptions,
): Promise<Candidate[]> {
  const kept = all.filter((candidate) => !skip(tableOf(candidate), candidate.column));
  const derived = new Map(kept.filter(({ isDerived }) => isDerived).map((one) => [key(tableOf(one)), tableOf(one)]));
  if (derived.size === 0) return kept;
  const origins = new Map((await relations([...derived.values()])).map((relation) => [key(relation.asked), relation]));
  return kept.filter((candidate) => {
    if (!candidate.isDerived) return true;
    const origin = origins.get(key(tableOf(candidate)));
    if (origin === undefined) return false; // it went away meanwhile
    const isSkipped =
      origin.parents.some((parent) => skip(parent, candidate.column)) ||
      origin.reads.some(({ schema, name, column }) => skip({ schema, name }, column ?? '*'));
    return !isSkipped;
  });
}

const tableOf = ({ schema, table }: Candidate): TableName => ({ schema, name: table });
const key = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);
