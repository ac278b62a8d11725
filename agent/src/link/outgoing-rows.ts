import { crc32 } from 'node:zlib';
import { CustardError } from '#core/errors.ts';
import { FRAME_HEADER_BYTES, writeFrameHeader } from '#core/protocol/frames.ts';
import { CREDIT_CHUNKS } from '#core/protocol/limits.ts';
import type { Scavenger } from '#core/scavenger.ts';
import type { Column } from '#core/values.ts';
import type { RowSink } from '../connectors/connector.ts';

interface OutgoingRowsOptions {
  readonly stream: number;
  /** Of encoded rows; past it the query fails. */
  readonly maxBytes: number;
  readonly sendFrame: (frame: Buffer) => void;
  readonly sendColumns: (columns: readonly Column[]) => void;
  readonly scavenger: Scavenger;
}

/** The agent's end of one result: numbers, counts and sums the chunks, and waits when credit is out. */
export class OutgoingRows implements RowSink {
  readonly #options: OutgoingRowsOptions;
  #credit = CREDIT_CHUNKS;
  #sequence = 0;
  #bytes = 0;
  #crc32 = 0;
  #waiting: PromiseWithResolvers<void> | null = null;
  #closed: Error | null = null;

  constructor(options: OutgoingRowsOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get crc32(): number {
    return this.#crc32;
  }

  columns(columns: readonly Column[]): void {
    this.#options.sendColumns(columns);
  }

  chunk(bytes: Buffer): Promise<void> | undefined {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    this.#bytes += bytes.length;
    if (this.#bytes > this.#options.maxBytes) return Promise.reject(tooLarge(this.#options.maxBytes));
    this.#crc32 = crc32(bytes, this.#crc32);
    const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + bytes.length);
    writeFrameHeader(frame, this.#options.stream, this.#sequence++);
    bytes.copy(frame, FRAME_HEADER_BYTES);
    this.#options.sendFrame(frame);
    this.#options.scavenger.passed(bytes.length + frame.length);
    this.#credit -= 1;
    if (this.#credit > 0) return undefined;
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** The receiver has taken this many chunks. Whatever it says, no more than CREDIT_CHUNKS are under way. */
  grant(chunks: number): void {
    this.#credit = Math.min(this.#credit + chunks, CREDIT_CHUNKS);
    this.#waiting?.resolve();
    this.#waiting = null;
  }

  /** Nobody wants the rest. */
  close(reason: Error): void {
    this.#closed ??= reason;
    this.#waiting?.reject(this.#closed);
    this.#waiting = null;
  }
}

function tooLarge(maxBytes: number): CustardError {
  return new CustardError('RESULT_TOO_LARGE', `The result is larger than the ${maxBytes} bytes one query may return.`, {
    hint: 'Select fewer columns or rows, aggregate, or have the limit of the agent raised.',
  });
}
