import type { MaskedColumn } from '#core/policy/mask.ts';
import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import type { Column } from '#core/values.ts';
import type { RowSink, RunEnd, RunOptions } from '../connector.ts';
import { maskedColumn } from '../masking.ts';
import { RowOutlet } from '../row-outlet.ts';
import { ChunkWriter } from '../rows/chunk-writer.ts';
import { MaskedRowEncoder } from '../rows/masked-row-encoder.ts';
import { FORM, RowEncoder } from '../rows/row-encoder.ts';
import { canceled, resultTooLarge, rowTooLarge } from '../run-errors.ts';
import type { Field } from './backend-messages.ts';
import { ColumnMasks } from './column-masks.ts';
import { Exchange, type ResultReceiver } from './exchange.ts';
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
  readonly #masks: ColumnMasks | undefined;
  #encoder: RowEncoder | MaskedRowEncoder | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #rows = 0;
  #truncated = false;

  constructor(
    session: Session,
    { options, sink, resolveColumns }: { options: RunOptions; sink: RowSink; resolveColumns: ResolveColumns },
  ) {
    const { statement, limits, masks, signal } = options;
    this.#masks = masks.length === 0 ? undefined : new ColumnMasks(masks);
    this.#options = options;
    this.#sink = sink;
    this.#resolveColumns = resolveColumns;
    const before = this.#masks === undefined ? {} : { before: this.#masks };
    this.#exchange = new Exchange(session, this, { ...before, statement, timeoutMs: limits.timeoutMs, signal });
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
    try {
      return this.#describe(fields, this.#masks?.of(fields));
    } catch (error) {
      this.#exchange.fail(error);
      return true;
    }
  }

  #describe(fields: readonly Field[], masks: readonly (MaskedColumn | null)[] | undefined): boolean {
    const columns = this.#resolveColumns(fields);
    this.#encoder = masks === undefined ? this.#plainEncoder(fields) : this.#maskedEncoder(fields, masks);
    const announce = (resolved: readonly Column[]) =>
      this.#announce(resolved.map((column, index) => maskedColumn(column, masks?.[index]?.mask ?? null)));
    if (!(columns instanceof Promise)) {
      announce(columns);
      return true;
    }
    columns.then(
      (resolved) => {
        if (this.#outlet.closed) return;
        announce(resolved);
        this.#exchange.resume();
      },
      (error: unknown) => this.#exchange.fail(error),
    );
    return false;
  }

  #plainEncoder(fields: readonly Field[]): RowEncoder {
    return new RowEncoder(
      this.#chunks,
      Uint8Array.from(fields, ({ typeOid }) => formOf(typeOid)),
    );
  }

  #maskedEncoder(fields: readonly Field[], masks: readonly (MaskedColumn | null)[]): MaskedRowEncoder {
    const forms = fields.map(({ typeOid }, index) => (masks[index] ? FORM.string : formOf(typeOid)));
    const masked = fields.map(({ typeOid }, index) => {
      const mask = masks[index]?.mask;
      return mask === undefined ? null : { mask, isBoolean: formOf(typeOid) === FORM.boolean };
    });
    const encoder = new RowEncoder(this.#chunks, Uint8Array.from(forms));
    return new MaskedRowEncoder(encoder, masked, this.#options.maskKey);
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
