import { MIB } from '#core/protocol/limits.ts';

export interface InputLine {
  /** 1-based. */
  readonly number: number;
  /** Without the line feed; null where the line is longer than any may be. */
  readonly bytes: Buffer | null;
}

/** Room for a statement far beyond what is allowed, so that it is refused as one and under its id. */
const MAX_LINE_BYTES = 16 * MIB;
const LINE_FEED = 10;

/** Lines of a stream that may be cut anywhere; never keeps more than one line, and that bounded. */
export class LineSplitter {
  #number = 0;
  #partial: Buffer[] = [];
  #partialBytes = 0;

  push(chunk: Buffer): InputLine[] {
    const lines: InputLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  /** What stands after the last line feed, if anything does. */
  end(): InputLine[] {
    return this.#partialBytes === 0 ? [] : [this.#take()];
  }

  #keep(bytes: Buffer): void {
    this.#partialBytes += bytes.length;
    if (this.#partialBytes > MAX_LINE_BYTES) this.#partial = [];
    else if (bytes.length > 0) this.#partial.push(bytes);
  }

  #take(): InputLine {
    const bytes = this.#partialBytes > MAX_LINE_BYTES ? null : Buffer.concat(this.#partial);
    this.#partial = [];
    this.#partialBytes = 0;
    return { number: ++this.#number, bytes };
  }
}
