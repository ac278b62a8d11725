import { CustardError } from '#core/errors.ts';
import type { QueryRequest } from '#core/protocol/api.ts';
import { MIB } from '#core/protocol/limits.ts';
import { Scavenger } from '#core/scavenger.ts';
import type { ApiClient } from '../api/api-client.ts';
import type { NamedEvent } from '../api/query-stream.ts';
import { type Narrator, seconds } from '../output/narrator.ts';
import type { QueryOutcome, ResultWriter } from '../output/result-writer.ts';

interface RunQueryOptions {
  readonly api: ApiClient;
  readonly request: QueryRequest;
  readonly writer: ResultWriter;
  readonly narrator: Narrator;
  /** Warnings that were there before. */
  readonly notes: readonly string[];
}

/** A quarter of what servers do: here nearly all of a process's memory is rows, and it is to stay small. */
const SCAVENGE_EVERY_BYTES = 2 * MIB;

/** Runs one question or statement, writes its result while it comes and tells how it goes. */
export async function runQuery({ api, request, writer, narrator, notes }: RunQueryOptions): Promise<QueryOutcome> {
  let outcome: Partial<QueryOutcome> & Pick<QueryOutcome, 'start' | 'statement' | 'columns' | 'answer'> = {
    start: null,
    statement: null,
    columns: [],
    answer: null,
  };
  const scavenger = new Scavenger({ everyBytes: SCAVENGE_EVERY_BYTES });
  for await (const part of api.query(request)) {
    if (part.kind === 'rows') {
      await writer.rows(part.bytes);
      scavenger.passed(part.bytes.length);
    } else {
      narrate(part.event, { narrator, dryRun: request.dry_run === true });
      outcome = { ...outcome, ...collected(part.event) };
      await writer.event(part.event, part.line);
    }
  }
  const { done } = outcome;
  if (done === undefined) throw new CustardError('INTERNAL', 'A query ended without its end.');
  const whole = { ...outcome, done };
  narrator.clear();
  await writer.finish({ ...whole, done: { ...done, warnings: [...notes, ...done.warnings] } });
  return whole;
}

function collected(event: NamedEvent): Partial<QueryOutcome> {
  switch (event.type) {
    case 'start':
      return { start: event };
    case 'sql':
      return { statement: event };
    case 'columns':
      return { columns: event.columns };
    case 'answer':
      return { answer: event.text };
    case 'done':
      return { done: event };
    case 'step':
    case 'clarify':
    case 'error':
      return {};
    default:
      return event satisfies never;
  }
}

const STEP_NAMES = { schema: 'schema', write: 'SQL', guard: 'check', run: 'query', answer: 'answer' } as const;

interface Narration {
  readonly narrator: Narrator;
  /** The statement is the result then, and not told beside it. */
  readonly dryRun: boolean;
}

function narrate(event: NamedEvent, { narrator, dryRun }: Narration): void {
  if (event.type === 'step') {
    if (event.state === 'started') narrator.started(STEP_NAMES[event.step]);
    else narrator.finished(STEP_NAMES[event.step], event.elapsed_ms);
  }
  if (event.type === 'sql' && event.maker !== 'user') {
    if (!dryRun) narrator.note(event.sql);
    for (const assumption of event.assumptions) narrator.note(`assumed: ${assumption}`);
  }
  // From here on standard output is written to
  if (event.type === 'columns' || event.type === 'answer') narrator.clear();
}

/** The last word on standard error: how much, how long, by whom, and what is missing. */
export function tellOutcome(outcome: QueryOutcome, { narrator, notes, omissions, limit }: TellOptions): void {
  const { done, statement } = outcome;
  const shownAs = statement === null || statement.maker === 'user' ? [] : [statement.model ?? statement.maker];
  narrator.note([whatCameOut(outcome), seconds(done.elapsed_ms), ...shownAs].join(' · '));
  const cut = done.truncated ? [`The result is cut at ${grouped(done.row_count)} rows; there are more.`] : [];
  // What the server says of it itself need not be said twice.
  const warnings = done.warnings.length === 0 ? cut : done.warnings;
  for (const text of [...notes, ...warnings, ...omissions]) narrator.warn(text);
  if (!done.truncated) return;
  narrator.note(done.row_count >= limit ? '--max-rows asks for more.' : 'A limit of the server or the agent cut it.');
}

function whatCameOut({ done, statement, columns }: QueryOutcome): string {
  if (columns.length > 0) return done.row_count === 1 ? '1 row' : `${grouped(done.row_count)} rows`;
  const tables = statement?.tables ?? [];
  return `checked, not run${tables.length === 0 ? '' : ` · reads ${tables.join(', ')}`}`;
}

interface TellOptions {
  readonly narrator: Narrator;
  readonly notes: readonly string[];
  readonly omissions: readonly string[];
  /** Rows that were asked for at most. */
  readonly limit: number;
}

const grouped = (count: number): string => count.toLocaleString('en-US');
