import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import type { Column } from '#core/values.ts';
import type { RowSink, RunEnd, RunOptions } from '../connector.ts';
import { RowOutlet } from '../row-outlet.ts';
import { canceled, resultTooLarge, rowTooLarge } from '../run-errors.ts';
import type { Field } from './backend-messages.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { Exchange, type ResultReceiver } from './exchange.ts';
import { RowEncoder } from './row-encoder.ts';
import type { Session } from './session.ts';
import { formOf } from './types.ts';

/** A chunk that is not full is handed over when the database has been silent for so long. */
const PARTIAL_CHUNK_AFTER_MS = 4;

/** Columns as the sink wants them: at once, or after a look into the catalog. */
export type ResolveColumns = (fields: readonly Field[]) => readonly Column[] | Promise<readonly Column[]>;

/** One run of a statement into a sink, on a session of its own. */
export class StatementRun implements ResultReceiver {
  readonly #exchange: Exchange;
  readonly #options: RunOptions;
  readonly #sink: RowSink;
  readonly #outlet: RowOutlet;
  readonly #chunks: ChunkWriter;
  readonly #resolveColumns: ResolveColumns;
  #encoder: RowEncoder | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #rows = 0;
  #truncated = false;

  constructor(
    session: Session,
    { options, sink, resolveColumns }: { options: RunOptions; sink: RowSink; resolveColumns: ResolveColumns },
  ) {
    const { statement, limits, signal } = options;
    this.#options = options;
    this.#sink = sink;
    this.#resolveColumns = resolveColumns;
    this.#exchange = new Exchange(session, this, { statement, timeoutMs: limits.timeoutMs, signal });
    this.#outlet = new RowOutlet(sink, {
      onFree: () => this.#exchange.resume(),
      onRefused: (error) => this.#exchange.fail(error),
    });
    this.#chunks = new ChunkWriter((chunk) => this.#outlet.push(chunk));
  }

  async run(): Promise<RunEnd> {
    const { signal } = this.#options;
    const abort = () => this.#outlet.close();
    signal.addEventListener('abort', abort);
    try {
      await this.#exchange.run();
      this.#chunks.flush();
      await this.#outlet.handedOver();
      if (signal.aborted) throw canceled(signal.reason);
      return { rows: this.#rows, truncated: this.#truncated };
    } finally {
      signal.removeEventListener('abort', abort);
      clearTimeout(this.#flushTimer);
      this.#outlet.close();
    }
  }

  fields(fields: readonly Field[]): boolean {
    const columns = this.#resolveColumns(fields);
    this.#encoder = new RowEncoder(
      this.#chunks,
      Uint8Array.from(fields, ({ typeOid }) => formOf(typeOid)),
    );
    if (!(columns instanceof Promise)) {
      this.#announce(columns);
      return true;
    }
    columns.then(
      (resolved) => {
        if (this.#outlet.closed) return;
        this.#announce(resolved);
        this.#exchange.resume();
      },
      (error: unknown) => this.#exchange.fail(error),
    );
    return false;
  }

  #announce(columns: readonly Column[]): void {
    try {
      this.#sink.columns(columns);
    } catch (error) {
      this.#exchange.fail(error);
    }
  }

  row(buffer: Buffer, start: number, end: number): boolean {
    const { rows, bytes } = this.#options.limits;
    if (this.#rows >= rows) {
      this.#truncated = true;
      this.#exchange.enough();
      return true;
    }
    const before = this.#chunks.bytes;
    this.#encoder?.encode(buffer, start, end);
    this.#rows++;
    if (this.#chunks.bytes > bytes) this.#exchange.fail(resultTooLarge(bytes));
    else if (this.#chunks.bytes - before > MAX_ROW_BYTES) this.#exchange.fail(rowTooLarge());
    return !this.#outlet.blocked;
  }

  pause(): void {
    if (this.#chunks.at === 0 || this.#flushTimer !== undefined) return;
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = undefined;
      if (!this.#outlet.blocked) this.#chunks.flush();
    }, PARTIAL_CHUNK_AFTER_MS);
  }
}
