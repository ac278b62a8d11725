import { CHUNK_BYTES } from '#core/protocol/limits.ts';

/** Row lines in chunks of at most CHUNK_BYTES. */
export class RowLines {
  #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #at = 0;

  /** Yields the chunks that it fills; the receiver owns them from then on. */
  *add(line: Buffer): Generator<Buffer> {
    for (let from = 0; from < line.length; ) {
      const copied = line.copy(this.#buffer, this.#at, from);
      this.#at += copied;
      from += copied;
      if (this.#at === CHUNK_BYTES) yield* this.rest();
    }
  }

  /** What no chunk was full with yet. */
  *rest(): Generator<Buffer> {
    if (this.#at === 0) return;
    const chunk = this.#buffer.subarray(0, this.#at);
    this.#buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#at = 0;
    yield chunk;
  }
}
