import { z } from 'zod';
import { isTooDeep } from '../../nesting.ts';
import { ParserProcess } from './parser-process.ts';

export type Parsed =
  | { readonly kind: 'statements'; readonly statements: readonly unknown[] }
  /** Parsed, and not only SELECTs. */
  | { readonly kind: 'other' }
  /** `offset` in characters, 0-based; 0 where the engine does not say. */
  | { readonly kind: 'invalid'; readonly message: string; readonly offset: number }
  /** The parser crashed, took too long, or would have: the nesting is too deep. */
  | { readonly kind: 'broken' }
  /** The engine is not installed. */
  | { readonly kind: 'missing' };

/** For one statement; the largest honest one takes a tenth of it. */
const STATEMENT_MS = 700;
/** A machine that is busy with other things may take seconds to start a process. */
const START_MS = 20_000;
/** So many statements are on their way to the child at a time; it works on one after the other. */
const MAX_IN_FLIGHT = 64;

interface Job {
  readonly statement: string;
  readonly resolve: (parsed: Parsed) => void;
}

/** DuckDB's own grammar, in a child process that is started when first needed and replaced when it crashes or hangs. */
export class Parser {
  /** The first `#sent` of them are the child's. */
  readonly #jobs: Job[] = [];
  #sent = 0;
  #process: ParserProcess | undefined;
  #isReady = false;
  #timer: NodeJS.Timeout | undefined;
  /** So many statements go one by one: they were in the child together when it crashed. */
  #suspects = 0;

  /** Resolves false where there is no engine to parse with. */
  async start(): Promise<boolean> {
    return (await this.parse('select 1')).kind === 'statements';
  }

  parse(statement: string): Promise<Parsed> {
    if (isTooDeep(statement)) return Promise.resolve({ kind: 'broken' });
    const { promise, resolve } = Promise.withResolvers<Parsed>();
    this.#jobs.push({ statement, resolve });
    this.#pump();
    return promise;
  }

  #pump(): void {
    if (this.#jobs.length > 0) this.#process ??= this.#spawn();
    this.#process?.keepAlive(this.#jobs.length > 0);
    if (!this.#isReady) return;
    for (const job of this.#jobs.slice(this.#sent, this.#suspects > 0 ? 1 : MAX_IN_FLIGHT)) {
      this.#process?.send(job.statement);
      this.#sent++;
    }
    if (this.#sent > 0) this.#timer ??= setTimeout(() => this.#replace(), STATEMENT_MS).unref();
  }

  #spawn(): ParserProcess {
    this.#isReady = false;
    this.#timer = setTimeout(() => this.#replace(), START_MS).unref();
    return new ParserProcess({ onLine: (line) => this.#line(line), onExit: () => this.#replace() });
  }

  #line(line: string): void {
    this.#stopTimer();
    if (!this.#isReady) this.#started(z.object({ ready: z.boolean() }).parse(JSON.parse(line)).ready);
    else if (line === RETIRING) this.#forget();
    else {
      this.#sent--;
      this.#suspects = Math.max(0, this.#suspects - 1);
      this.#jobs.shift()?.resolve(decode(line));
    }
    this.#pump();
  }

  #started(isReady: boolean): void {
    this.#isReady = isReady;
    if (!isReady) this.#giveUp();
  }

  /** After a crash or at the end of the time. What was alone in the child is the cause, and the rest goes to the next. */
  #replace(): void {
    if (this.#isReady) this.#restart();
    else this.#giveUp();
  }

  #restart(): void {
    const guilty = this.#sent === 1 ? this.#jobs.shift() : undefined;
    this.#suspects = guilty === undefined ? this.#sent : Math.max(0, this.#suspects - 1);
    this.#forget();
    guilty?.resolve({ kind: 'broken' });
    // Ready before the next statement comes.
    this.#process = this.#spawn();
    this.#pump();
  }

  /** There is no engine, or it does not start. */
  #giveUp(): void {
    this.#forget();
    for (const { resolve } of this.#jobs.splice(0)) resolve({ kind: 'missing' });
  }

  #forget(): void {
    this.#stopTimer();
    this.#process?.destroy();
    this.#process = undefined;
    this.#isReady = false;
    this.#sent = 0;
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** What a child says that has grown too large; statements it has not answered are for the next one. */
const RETIRING = '{"retiring":true}';

const Answer = z.union([
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({
    error: z.literal(true),
    error_type: z.string(),
    error_message: z.string().default(''),
    position: z.coerce.number().default(0),
  }),
]);

function decode(line: string): Parsed {
  try {
    return decodeAnswer(line);
  } catch {
    return { kind: 'broken' };
  }
}

function decodeAnswer(line: string): Parsed {
  // JSON has no word for infinity; within a string of the answer, a quote has a backslash before it.
  const answer = Answer.parse(JSON.parse(line.replace(/"value":(-?Infinity|-?NaN)/g, '"value":null')));
  if (!answer.error) return { kind: 'statements', statements: answer.statements };
  if (answer.error_type === 'broken' || /^Max expression depth/.test(answer.error_message)) return { kind: 'broken' };
  if (/^Only SELECT statements/.test(answer.error_message)) return { kind: 'other' };
  return { kind: 'invalid', message: answer.error_message, offset: answer.position };
}
