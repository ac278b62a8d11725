import { setImmediate, setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Guard } from '#core/guard/verdict.ts';
import { KIB } from '#core/protocol/limits.ts';
import { safeJson } from '../output/safe.ts';
import { streamSink } from '../output/sink.ts';
import { styleFor } from '../output/style.ts';
import { verdictBody } from '../output/verdict.ts';
import type { RunContext } from '../run-context.ts';
import type { InputLine } from './line-splitter.ts';
import { readLines } from './read-input.ts';

interface BatchOptions {
  readonly context: RunContext;
  /** Of the lines, or `-` for standard input. */
  readonly path: string;
  /** Called with the first statement: what cannot be read needs no parser. */
  readonly load: () => Promise<Guard>;
  readonly color: boolean;
}

interface Tally {
  readonly allowed: number;
  readonly denied: number;
  readonly unreadable: number;
}

/**
 * Node's exit waits for V8's compiler threads, and one of them that waits for a garbage collection then
 * waits for ever (https://github.com/nodejs/node/issues/54918): after many parsers that broke, one batch
 * in ten hung so. They get this long to end, and none are started meanwhile.
 */
const COMPILERS_END_MS = 50;

/** What else a line holds is its author's. */
const Item = z.object({ id: z.union([z.string(), z.number()]), sql: z.string() });

/** How long signals and a closed pipe may go unheard. */
const TURN_EVERY_MS = 20;

/** Results are gathered this far, and written at the latest when the input has no more for now. */
const WRITE_AT = 64 * KIB;

/**
 * One verdict line for each statement line, in the same order, in bounded memory. A line that cannot be
 * read is told on standard error, with no word of what stands in it, and the rest goes on.
 */
export async function checkBatch({ context, path, load, color }: BatchOptions): Promise<Tally> {
  const { signal } = context.interruption;
  const rest = restAt(TURN_EVERY_MS, signal);
  const sink = streamSink(context.stdout, signal);
  const label = styleFor(context.stderr, { color })('red', 'error:');
  let guard: Guard | undefined;
  const tally = { allowed: 0, denied: 0, unreadable: 0 };
  for await (const lines of readLines(path, context)) {
    let output = '';
    for (const line of lines) {
      const item = parseItem(line);
      if (item === null) continue;
      if (typeof item === 'string') {
        tally.unreadable++;
        context.stderr.write(`${label} line ${line.number}: ${item}\n`);
        continue;
      }
      await rest();
      guard ??= await load();
      const verdict = await guard.check(item.sql);
      tally[verdict.verdict === 'allow' ? 'allowed' : 'denied']++;
      output += `${safeJson(JSON.stringify({ id: item.id, ...verdictBody(verdict) }))}\n`;
      if (output.length < WRITE_AT) continue;
      await sink.write(output);
      output = '';
    }
    await sink.write(output);
  }
  await setTimeout(COMPILERS_END_MS);
  return tally;
}

/** Lets the event loop turn when it has not for that long; rejects with the signal's reason. */
function restAt(milliseconds: number, signal: AbortSignal): () => Promise<void> {
  let turnedAt = performance.now();
  return async () => {
    if (performance.now() - turnedAt < milliseconds) return;
    await setImmediate();
    signal.throwIfAborted();
    turnedAt = performance.now();
  };
}

/** What to check; why the line cannot be read; or null for an empty one. */
function parseItem({ bytes }: InputLine): z.infer<typeof Item> | string | null {
  if (bytes === null) return 'it is too long.';
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.trim() === '') return null;
    value = JSON.parse(text);
  } catch (error) {
    return error instanceof SyntaxError ? 'it is not JSON.' : 'it is not UTF-8 text.';
  }
  return Item.safeParse(value).data ?? 'it has to be an object with "id" and "sql", both text.';
}
