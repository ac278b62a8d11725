import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { openConnector } from '#agent/connectors/registry.ts';
import { wholeSchema } from '#agent/connectors/whole-schema.ts';
import { builtinWriter } from '#control-plane/answering/builtin/builtin-writer.ts';
import type { WriteTask } from '#control-plane/answering/sql-writer.ts';

/**
 * Measures the builtin planner: the command that bench/eval/evaluate.py takes as --batch.
 *   node scripts/eval-builtin.ts FILE.sqlite|URL [--today YYYY-MM-DD] < cases.jsonl
 * One JSON line in, {id, question}; one out, {id, sql} or {id, abstain, reason}. Timing goes to stderr.
 */
const Case = z.object({ id: z.string(), question: z.string() });

const [target = '', , today = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
const connector = await openConnector(parseDatabaseUrl(target.includes('://') ? target : `sqlite:${target}`));
const schema = await wholeSchema(connector, { signal: AbortSignal.timeout(60_000) });
const writer = builtinWriter();
const times: number[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  const { id, question } = Case.parse(JSON.parse(line));
  const signal = AbortSignal.timeout(10_000);
  let looking = 0;
  const findValues: WriteTask['findValues'] = async (texts) => {
    const began = performance.now();
    const found = await connector.findValues({ texts, skip: () => false, signal });
    looking += performance.now() - began;
    return found;
  };
  const started = performance.now();
  const draft = await writer.write({
    ...{ question, earlier: [], schema, today, findValues, rejected: [], egress: 'rows', signal },
  });
  times.push(performance.now() - started - looking);
  const answer =
    draft.kind === 'statement'
      ? { id, sql: draft.sql }
      : {
          id,
          abstain: true,
          reason: draft.kind === 'unsure' ? draft.reason : `${draft.question} ${draft.choices.join(' | ')}`,
        };
  if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, 'drain');
}
await connector.close();

times.sort((a, b) => a - b);
const at = (share: number): string => (times[Math.floor(share * times.length)] ?? 0).toFixed(1);
process.stderr.write(
  `${times.length} questions, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1 - 1e-9)} ms, values not counted\n`,
);
