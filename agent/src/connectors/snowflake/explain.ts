import { z } from 'zod';
import { type Explanation, explanation, type Scan } from '#core/explanation.ts';
import type { ExplainOptions } from '../connector.ts';
import { plan } from '../plan-statement.ts';
import type { Session } from './session.ts';
import { queryText } from './text-query.ts';

/** Compiles only, without a warehouse. https://docs.snowflake.com/en/sql-reference/sql/explain */
const WORDS = 'EXPLAIN USING JSON';

const Operation = z.object({
  operation: z.string(),
  objects: z.array(z.string()).optional(),
  partitionsTotal: z.number().optional(),
  partitionsAssigned: z.number().optional(),
});
const Plan = z.object({
  GlobalStats: z.object({ bytesAssigned: z.number().optional() }).optional(),
  Operations: z.array(z.array(Operation)),
});

/** Snowflake expects no numbers of rows: it tells how much of its tables is read. */
export async function explainStatement(
  session: Session,
  { statement, timeoutMs, signal }: ExplainOptions,
): Promise<Explanation> {
  const [row] = await plan(WORDS, statement, (text) => queryText(session, { statement: text, timeoutMs, signal }));
  const { GlobalStats, Operations } = Plan.parse(JSON.parse(row?.text('content') ?? '{}'));
  const bytes = GlobalStats?.bytesAssigned;
  return explanation({
    cost: bytes === undefined ? null : { value: bytes, unit: 'bytes' },
    scans: Operations.flat().flatMap(scansOf),
  });
}

const SCANS: ReadonlySet<string> = new Set(['TableScan', 'ExternalScan', 'DynamicSecureView']);

function scansOf({ operation, objects = [], partitionsTotal, partitionsAssigned }: z.infer<typeof Operation>): Scan[] {
  if (!SCANS.has(operation)) return [];
  const isWhole = partitionsTotal !== undefined && partitionsAssigned === partitionsTotal;
  const access = partitionsAssigned === undefined ? 'other' : isWhole ? 'full' : 'part';
  return objects.map((object) => ({ table: nameOf(object), access, rows: null }));
}

/** DATABASE.SCHEMA.NAME, each quoted where it has to be. */
function nameOf(object: string): { readonly schema: string | null; readonly name: string } {
  const parts = [...object.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? object };
}
