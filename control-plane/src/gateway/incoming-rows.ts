import { crc32 } from 'node:zlib';
import { CustardError } from '#core/errors.ts';
import type { DataFrame } from '#core/protocol/frames.ts';
import { CHUNK_BYTES, CREDIT_CHUNKS } from '#core/protocol/limits.ts';
import type { FromAgent, QueryLimits } from '#core/protocol/messages.ts';
import type { Scavenger } from '#core/scavenger.ts';
import type { Column } from '#core/values.ts';
import type { ResultStream, ResultSummary } from './gateway.ts';
import { WholeLines } from './whole-lines.ts';

interface IncomingRowsOptions {
  /** What the agent was told; it is held to them. */
  readonly limits: QueryLimits;
  readonly grant: (chunks: number) => void;
  /** The reader left early: the statement is to be stopped. Not called once the stream has ended. */
  readonly cancel: () => void;
  readonly scavenger: Scavenger;
}

/** Credit is granted in batches: one message for so many chunks taken. */
const GRANT_EVERY = CREDIT_CHUNKS / 2;

/**
 * The control plane's end of one result. Holds at most CREDIT_CHUNKS chunks; checks credit, sequence,
 * bytes, CRC and the agent's own figures, so that a short result is an error and never a silent
 * truncation, and an agent that sends what it must not send fills nobody's memory.
 */
export class IncomingRows implements ResultStream {
  readonly #options: IncomingRowsOptions;
  readonly #head = Promise.withResolvers<void>();
  readonly #queue: Buffer[] = [];
  #columns: readonly Column[] | null = null;
  #credit = CREDIT_CHUNKS;
  #sequence = 0;
  #bytes = 0;
  #crc32 = 0;
  #taken = 0;
  #summary: ResultSummary | null = null;
  #error: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(options: IncomingRowsOptions) {
    this.#options = options;
    this.#head.promise.catch(() => undefined); // also told to whoever reads the chunks
  }

  /** Resolves once the columns are known, rejects with what came instead. */
  get head(): Promise<void> {
    return this.#head.promise;
  }

  get columns(): readonly Column[] {
    return this.#columns ?? [];
  }

  get chunks(): AsyncIterable<Buffer> {
    return { [Symbol.asyncIterator]: () => this.#read() };
  }

  end(): ResultSummary {
    if (this.#summary === null) throw new Error('The result has not ended yet.');
    return this.#summary;
  }

  /** Called for what the agent sends, in order. Returns false when it breaks the protocol. */
  receiveColumns(columns: readonly Column[]): boolean {
    if (this.#columns !== null) return false;
    this.#columns = columns;
    this.#head.resolve();
    return true;
  }

  receiveFrame({ sequence, payload }: DataFrame): boolean {
    const isNext = sequence === this.#sequence && this.#columns !== null && this.#credit > 0;
    this.#bytes += payload.length;
    if (!isNext || payload.length > CHUNK_BYTES || this.#bytes > this.#options.limits.bytes) return false;
    this.#sequence += 1;
    this.#credit -= 1;
    if (this.#error !== null) return true; // given up; what was under way still arrives
    this.#crc32 = crc32(payload, this.#crc32);
    this.#queue.push(payload);
    this.#notify();
    return true;
  }

  receiveEnd({ rows, bytes, crc32: sum, truncated, elapsedMs }: Extract<FromAgent, { type: 'end' }>): void {
    const fits = bytes === this.#bytes && sum === this.#crc32 && rows <= this.#options.limits.rows;
    if (!fits || this.#columns === null) {
      this.fail(incomplete());
      return;
    }
    this.#summary = { rows, bytes, crc32: sum, truncated, elapsedMs };
    this.#notify();
  }

  fail(error: Error): void {
    if (this.#summary !== null) return;
    this.#error ??= error;
    this.#head.reject(this.#error);
    this.#notify();
  }

  async *#read(): AsyncGenerator<Buffer, void, undefined> {
    const lines = new WholeLines();
    try {
      for (;;) {
        const chunk = this.#queue.shift();
        if (chunk !== undefined) {
          const whole = lines.take(chunk);
          if (lines.overlong) throw incomplete();
          if (whole !== null) yield whole;
          this.#options.scavenger.passed(chunk.length);
          this.#grant();
        } else if (this.#error !== null) {
          throw this.#error;
        } else if (this.#summary !== null) {
          if (lines.pending) throw incomplete();
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#queue.length = 0;
      if (this.#summary === null && this.#error === null) {
        this.#error = new CustardError('QUERY_CANCELED', 'The reader of the result left.');
        this.#options.cancel();
      }
    }
  }

  #grant(): void {
    this.#taken += 1;
    if (this.#taken < GRANT_EVERY || this.#summary !== null) return;
    this.#options.grant(this.#taken);
    this.#credit += this.#taken;
    this.#taken = 0;
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = null;
  }
}

function incomplete(): CustardError {
  return new CustardError('RESULT_INCOMPLETE', 'The rows that arrived are not the rows that the agent sent.', {
    hint: 'Ask again; if it happens again, look at what stands between the agent and the control plane.',
  });
}
