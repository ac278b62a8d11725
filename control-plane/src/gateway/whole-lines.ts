import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';

const LINE_FEED = 10;

/**
 * Holds back the beginning of a line until its end is there, so that what ends a result early never
 * leaves half a row behind. Looks for line feeds and at nothing else.
 */
export class WholeLines {
  #held: Buffer[] = [];
  #heldBytes = 0;

  /** Whole lines, or null when `chunk` ends none. */
  take(chunk: Buffer): Buffer | null {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    const rest = chunk.subarray(end);
    if (end === 0) {
      this.#hold(rest);
      return null;
    }
    const lines =
      this.#heldBytes === 0 ? chunk.subarray(0, end) : Buffer.concat([...this.#held, chunk.subarray(0, end)]);
    this.#held = [];
    this.#heldBytes = 0;
    this.#hold(rest);
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
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }
}
