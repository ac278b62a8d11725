import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { describeTables, versionOf } from '#agent/connectors/sqlite/describe.ts';
import { findCandidates, findInFile } from '#agent/connectors/sqlite/find-values.ts';
import { builtinWriter } from '#control-plane/answering/builtin/builtin-writer.ts';
import type { DatabaseSchema } from '#core/schema.ts';

/**
 * Measures the builtin planner: the command that bench/eval/evaluate.py takes as --batch.
 *   node scripts/eval-builtin.ts FILE.sqlite [--today YYYY-MM-DD] < cases.jsonl
 * One JSON line in, {id, question}; one out, {id, sql} or {id, abstain, reason}. Timing goes to stderr.
 */
const Case = z.object({ id: z.string(), question: z.string() });

const [path = '', , today = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
const database = new DatabaseSync(path, { readOnly: true });
const schema: DatabaseSchema = {
  ...{ dialect: 'sqlite', version: versionOf(database), defaultSchemas: [] },
  tables: [...describeTables(database)],
};
const candidates = findCandidates(database);
const writer = builtinWriter();
const times: number[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  const { id, question } = Case.parse(JSON.parse(line));
  let looking = 0;
  const started = performance.now();
  const draft = await writer.write({
    question,
    schema,
    today,
    findValues: (texts) => {
      const began = performance.now();
      const found = [...findInFile(database, { type: 'find', texts, candidates, budgetMs: 2_000 })].flat();
      looking += performance.now() - began;
      return Promise.resolve(found);
    },
    rejected: [],
    egress: 'rows',
    signal: AbortSignal.timeout(10_000),
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

times.sort((a, b) => a - b);
const at = (share: number): string => (times[Math.floor(share * times.length)] ?? 0).toFixed(1);
process.stderr.write(
  `${times.length} questions, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1 - 1e-9)} ms, values not counted\n`,
);
