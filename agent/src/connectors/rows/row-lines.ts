import { CHUNK_BYTES, MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import type { RowSink } from '../connector.ts';
import { resultTooLarge, rowTooLarge } from '../run-errors.ts';

interface LineOptions {
  readonly sink: RowSink;
  readonly maxBytes: number;
  /** Gives up waiting for the sink. */
  readonly race: <T>(work: Promise<T>) => Promise<T>;
}

/** For a connector that has its rows as JSON: row lines in chunks, the next of which waits until the sink has taken the last. */
export class RowLines {
  readonly #options: LineOptions;
  #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #at = 0;
  #bytes = 0;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** @param row a JSON array */
  async add(row: string): Promise<void> {
    const line = Buffer.from(`{"type":"row","row":${row}}\n`);
    this.#bytes += line.length;
    if (line.length > MAX_ROW_BYTES) throw rowTooLarge();
    if (this.#bytes > this.#options.maxBytes) throw resultTooLarge(this.#options.maxBytes);
    for (let from = 0; from < line.length; ) {
      if (this.#at === CHUNK_BYTES) await this.flush();
      const copied = line.copy(this.#buffer, this.#at, from);
      this.#at += copied;
      from += copied;
    }
  }

  async flush(): Promise<void> {
    if (this.#at === 0) return;
    const chunk = this.#buffer.subarray(0, this.#at);
    this.#buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#at = 0;
    const taken = this.#options.sink.chunk(chunk);
    if (taken !== undefined) await this.#options.race(taken);
  }
}
