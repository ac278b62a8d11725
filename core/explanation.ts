import { z } from 'zod';

/**
 * What an engine expects of a statement that it has planned and not run: figures only, as the text of a plan holds
 * literals, and names that a policy keeps to itself.
 */

/** A plan over thousands of partitions names the first of them. */
const MAX_SCANS = 100;
const MAX_NAME_CHARACTERS = 1_000;

/**
 * How rows of a table are found. `full`: all of them are read; `index`: an index finds some; `part`: pieces of the
 * table are left out (Snowflake's micro-partitions); `other`: another way, or one that the engine does not tell.
 */
const SCAN_ACCESSES = ['full', 'index', 'part', 'other'] as const;

const Estimate = z.number().nonnegative().nullable();
const Name = z.string().max(MAX_NAME_CHARACTERS);

export const Scan = z.object({
  /**
   * Null where the agent's policy does not let it be named. MySQL, MariaDB and SQLite call it as the statement does: by
   * its alias.
   */
  table: z.object({ schema: Name.nullable(), name: Name }).nullable(),
  access: z.enum(SCAN_ACCESSES),
  /** That come out of it, each time it is done; null where the engine does not say, or the policy does not let it. */
  rows: Estimate,
});
export type Scan = z.infer<typeof Scan>;

export const Explanation = z.object({
  /** Of the result; null where the engine does not say. */
  rows: Estimate,
  /** Comparable between statements of one database only. */
  cost: z.object({ value: z.number().nonnegative(), unit: Name }).nullable(),
  /** A table that is read twice is there twice. */
  scans: z.array(Scan).max(MAX_SCANS),
  /** How many scans more there are. */
  omitted: z.int().nonnegative(),
});
export type Explanation = z.infer<typeof Explanation>;

/** Of a statement that the engine makes no plan for: SHOW, or EXPLAIN itself. */
export const NO_PLAN: Explanation = { rows: null, cost: null, scans: [], omitted: 0 };

interface Planned {
  readonly rows?: number | null;
  readonly cost?: Explanation['cost'];
  readonly scans: readonly Scan[];
}

/** Within the limits above, whatever the plan is like. */
export function explanation({ rows = null, cost = null, scans }: Planned): Explanation {
  return {
    rows: estimate(rows),
    cost: cost === null || estimate(cost.value) === null ? null : cost,
    scans: scans.slice(0, MAX_SCANS).map(boundedScan),
    omitted: Math.max(0, scans.length - MAX_SCANS),
  };
}

function boundedScan({ table, access, rows }: Scan): Scan {
  const named = table && { schema: bounded(table.schema), name: bounded(table.name) };
  return { table: named, access, rows: estimate(rows) };
}

const bounded = <T extends string | null>(name: T) => (name === null ? name : name.slice(0, MAX_NAME_CHARACTERS)) as T;

const estimate = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) || value < 0 ? null : value;
