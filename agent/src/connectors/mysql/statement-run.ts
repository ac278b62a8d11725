import type { Mask } from '#core/policy/mask.ts';
import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import type { RowSink, RunEnd, RunOptions } from '../connector.ts';
import { maskedColumn } from '../masking.ts';
import { RowOutlet } from '../row-outlet.ts';
import { ChunkWriter } from '../rows/chunk-writer.ts';
import { MaskedRowEncoder } from '../rows/masked-row-encoder.ts';
import { FORM, RowEncoder } from '../rows/row-encoder.ts';
import { canceled, resultTooLarge, rowTooLarge } from '../run-errors.ts';
import { ColumnMasks } from './column-masks.ts';
import type { ResultReceiver } from './command.ts';
import { Exchange } from './exchange.ts';
import type { Field } from './packets.ts';
import { RowLayout } from './row-layout.ts';
import type { Session } from './session.ts';
import { columnOf, type FieldType, fieldType } from './types.ts';

/** A chunk that is not full is handed over when the database has been silent for so long. */
const PARTIAL_CHUNK_AFTER_MS = 4;

interface ResultWriter {
  readonly layout: RowLayout;
  readonly encoder: RowEncoder | MaskedRowEncoder;
}

/** One run of a statement into a sink, on a session of its own. */
export class StatementRun implements ResultReceiver {
  readonly #exchange: Exchange;
  readonly #options: RunOptions;
  readonly #sink: RowSink;
  readonly #outlet: RowOutlet;
  readonly #chunks: ChunkWriter;
  readonly #masks: ColumnMasks | undefined;
  #writer: ResultWriter | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #rows = 0;
  #truncated = false;

  constructor(session: Session, { options, sink }: { readonly options: RunOptions; readonly sink: RowSink }) {
    const { statement, limits, masks, signal } = options;
    this.#masks = masks.length === 0 ? undefined : new ColumnMasks(masks);
    this.#options = options;
    this.#sink = sink;
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
      const masks = this.#masks?.of(fields);
      const types = fields.map(fieldType);
      this.#writer = {
        layout: new RowLayout(types.map(({ isBinary }) => isBinary)),
        encoder: masks === undefined ? this.#plainEncoder(types) : this.#maskedEncoder(types, masks),
      };
      this.#sink.columns(
        types.map((type, index) => maskedColumn(columnOf(at(fields, index), type), masks?.[index] ?? null)),
      );
    } catch (error) {
      this.#exchange.fail(error);
    }
    return true;
  }

  #plainEncoder(types: readonly FieldType[]): RowEncoder {
    return new RowEncoder(
      this.#chunks,
      Uint8Array.from(types, ({ form }) => form),
    );
  }

  #maskedEncoder(types: readonly FieldType[], masks: readonly (Mask | null)[]): MaskedRowEncoder {
    const forms = types.map(({ form }, index) => (masks[index] ? FORM.string : form));
    const masked = types.map((_, index) => {
      const mask = masks[index] ?? null;
      return mask === null ? null : { mask, isBoolean: false };
    });
    const encoder = new RowEncoder(this.#chunks, Uint8Array.from(forms));
    return new MaskedRowEncoder(encoder, masked, this.#options.maskKey);
  }

  row(buffer: Buffer, start: number, end: number): boolean {
    const { rows, bytes } = this.#options.limits;
    if (this.#rows >= rows) {
      this.#truncated = true;
      this.#exchange.enough();
      return true;
    }
    const before = this.#chunks.bytes;
    const row = this.#writer?.layout.of(buffer, start, end);
    if (row !== undefined) this.#writer?.encoder.encode(row, 0, row.length);
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

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError('No such column.');
  return item;
}
