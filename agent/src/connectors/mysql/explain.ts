import { z } from 'zod';
import { type Explanation, explanation, type Scan } from '#core/explanation.ts';
import type { ExplainOptions } from '../connector.ts';
import { plan } from '../plan-statement.ts';
import type { Session } from './session.ts';
import { queryText } from './text-query.ts';

const WORDS = 'EXPLAIN FORMAT=JSON';
/** As deep as a plan of a statement that the guard lets through can be. */
const MAX_DEPTH = 500;

const Count = z.coerce.number().nonnegative().optional().catch(undefined);

/**
 * A step that reads a table. MySQL has two forms of plans (explain_json_format_version), MariaDB its own.
 * https://dev.mysql.com/doc/refman/8.4/en/explain.html, https://mariadb.com/kb/en/explain-format-json/
 */
const Step = z.object({
  table_name: z.string(),
  schema_name: z.string().optional().catch(undefined),
  access_type: z.string(),
  index_access_type: z.string().optional().catch(undefined),
  rows_examined_per_scan: Count,
  rows: Count,
  filtered: Count,
  estimated_rows: Count,
});
type Step = z.infer<typeof Step>;

/** The costs and rows of the whole, where they are told: MySQL's first form, MariaDB 11, MySQL's second form. */
const Whole = z.object({
  query_block: z
    .object({ cost_info: z.object({ query_cost: Count }).optional(), cost: Count })
    .optional()
    .catch(undefined),
  query_plan: z.object({ estimated_total_cost: Count, estimated_rows: Count }).optional().catch(undefined),
});

export async function explainStatement(
  session: Session,
  { statement, timeoutMs, signal }: ExplainOptions,
): Promise<Explanation> {
  const [row] = await plan(WORDS, statement, (text) => queryText(session, { statement: text, timeoutMs, signal }));
  return explanationOf(JSON.parse(row?.first() ?? '{}'));
}

function explanationOf(json: unknown): Explanation {
  const { query_block: block, query_plan: second } = Whole.parse(json);
  const units = block?.cost_info?.query_cost ?? second?.estimated_total_cost;
  const cost = units === undefined ? block?.cost : units;
  return explanation({
    rows: second?.estimated_rows ?? null,
    cost: cost === undefined ? null : { value: cost, unit: units === undefined ? 'ms' : 'cost units' },
    scans: [...scansOf(json, 0)],
  });
}

function* scansOf(node: unknown, depth: number): Generator<Scan> {
  if (!(node instanceof Object) || depth > MAX_DEPTH) return;
  const step = Step.safeParse(node);
  // A name in angle brackets is a result of the statement's own.
  if (step.success && !step.data.table_name.startsWith('<')) yield scanOf(step.data);
  for (const inner of Object.values(node)) yield* scansOf(inner, depth + 1);
}

function scanOf(step: Step): Scan {
  const read = step.rows_examined_per_scan ?? step.rows;
  const rows = step.estimated_rows ?? (read === undefined ? null : (read * (step.filtered ?? 100)) / 100);
  return { table: { schema: step.schema_name ?? null, name: step.table_name }, access: accessOf(step), rows };
}

/** `index` is a walk through all of an index. */
const FULL: ReadonlySet<string> = new Set(['all', 'index', 'table']);

function accessOf({ access_type, index_access_type }: Step): Scan['access'] {
  if (index_access_type !== undefined) return index_access_type === 'index_scan' ? 'full' : 'index';
  return FULL.has(access_type.toLowerCase()) ? 'full' : 'index';
}
