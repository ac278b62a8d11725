import { CHUNK_BYTES, MAX_ROW_BYTES } from '#core/protocol/limits.ts';

const LINE_FEED = 10;

/**
 * Holds back the beginning of a line until its end is there, so that what ends a result early never
 * leaves half a row behind. Looks for line feeds and at nothing else. Copies what it holds: thousands
 * of tiny chunks, each a view on a larger buffer, would cost many times their bytes.
 */
export class WholeLines {
  #held = Buffer.alloc(0);
  #heldBytes = 0;

  /** Whole lines, or null when `chunk` ends none. */
  take(chunk: Buffer): Buffer | null {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      this.#hold(chunk);
      return null;
    }
    const begun = this.#held.subarray(0, this.#heldBytes);
    const lines = begun.length === 0 ? chunk.subarray(0, end) : Buffer.concat([begun, chunk.subarray(0, end)]);
    this.#heldBytes = 0;
    this.#hold(chunk.subarray(end));
    return lines;
  }

  /** A line has begun and not ended. */
  get pending(): boolean {
    return this.#heldBytes > 0;
  }

  /** The line is longer than any row may be. */
  get overlong(): boolean {
    return this.#heldBytes > MAX_ROW_BYTES;
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const needed = this.#heldBytes + bytes.length;
    if (needed > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#held.length * 2, CHUNK_BYTES));
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    bytes.copy(this.#held, this.#heldBytes);
    this.#heldBytes = needed;
  }
}
