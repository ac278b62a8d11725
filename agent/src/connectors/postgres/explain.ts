import { z } from 'zod';
import { type Explanation, explanation, type Scan } from '#core/explanation.ts';
import type { ExplainOptions } from '../connector.ts';
import { plan } from '../plan-statement.ts';
import type { Session } from './session.ts';
import { queryText } from './text-query.ts';

/** VERBOSE for the schemas. https://www.postgresql.org/docs/current/sql-explain.html */
const WORDS = 'EXPLAIN (FORMAT JSON, VERBOSE)';

const Node = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  Schema: z.string().optional(),
  'Plan Rows': z.number(),
  'Total Cost': z.number(),
  get Plans() {
    return z.array(Node).optional();
  },
});
type Node = z.infer<typeof Node>;
const Plans = z.tuple([z.object({ Plan: Node })], z.unknown());

/** In the same read-only transaction as a statement that runs; the planner stops before the first row. */
export async function explainStatement(
  session: Session,
  { statement, timeoutMs, signal }: ExplainOptions,
): Promise<Explanation> {
  const rows = await plan(WORDS, statement, (text) => queryText(session, { statement: text, timeoutMs, signal }));
  const [{ Plan: top }] = Plans.parse(JSON.parse(rows.map((row) => row.text('QUERY PLAN')).join('\n')));
  return explanation({
    rows: top['Plan Rows'],
    // Of what a sequential read of a page costs, unless the server's settings say otherwise.
    cost: { value: top['Total Cost'], unit: 'page reads' },
    scans: scansOf(top),
  });
}

const ACCESSES: Readonly<Record<string, Scan['access']>> = {
  'Seq Scan': 'full',
  'Sample Scan': 'part',
  'Index Scan': 'index',
  'Index Only Scan': 'index',
  'Bitmap Heap Scan': 'index',
  'Tid Scan': 'index',
  'Tid Range Scan': 'index',
};

function scansOf(node: Node): Scan[] {
  const name = node['Relation Name'];
  const table = name === undefined ? null : { schema: node.Schema ?? null, name };
  const own: Scan[] =
    table === null ? [] : [{ table, access: ACCESSES[node['Node Type']] ?? 'other', rows: node['Plan Rows'] }];
  return [...own, ...(node.Plans ?? []).flatMap(scansOf)];
}
