import { CustardError } from '#core/errors.ts';
import { ROW_PREFIX } from '#core/protocol/frames.ts';
import { CHUNK_BYTES, MAX_ROW_BYTES } from '#core/protocol/limits.ts';

/** What an event stream is made of, in order. Bytes are whole lines, line feeds included, and views on what came in. */
export type StreamPart =
  | { readonly kind: 'rows'; readonly bytes: Buffer }
  /** One line that is not a row. */
  | { readonly kind: 'event'; readonly line: Buffer };

const LINE_FEED = 10;
const PREFIX = Buffer.from(ROW_PREFIX);
const MAX_LINE_BYTES = MAX_ROW_BYTES + CHUNK_BYTES;

/**
 * Tells row lines from events without a look at each row: the protocol sends a query's rows in one
 * run, so a block whose first and last lines are rows holds nothing else. The byte count and CRC-32
 * in `done` are there to show when that was not so. Lines may be cut anywhere between chunks.
 */
export class EventSplitter {
  #partial: Buffer[] = [];
  #partialBytes = 0;

  push(chunk: Buffer): StreamPart[] {
    const last = chunk.lastIndexOf(LINE_FEED);
    if (last === -1) {
      this.#keep(chunk);
      return [];
    }
    const parts: StreamPart[] = [];
    let start = 0;
    if (this.#partialBytes > 0) {
      start = chunk.indexOf(LINE_FEED) + 1;
      addLine(parts, Buffer.concat([...this.#partial, chunk.subarray(0, start)]));
      this.#partial = [];
      this.#partialBytes = 0;
    }
    addBlock(parts, chunk.subarray(start, last + 1));
    this.#keep(chunk.subarray(last + 1));
    return parts;
  }

  /** Whether the stream stops in the middle of a line. */
  get hasPartialLine(): boolean {
    return this.#partialBytes > 0;
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#partialBytes += bytes.length;
    if (this.#partialBytes > MAX_LINE_BYTES) {
      throw new CustardError('PROTOCOL_ERROR', 'The server sent a line that is longer than any row may be.');
    }
    this.#partial.push(bytes);
  }
}

function addBlock(parts: StreamPart[], block: Buffer): void {
  if (block.length === 0) return;
  const lastLine = block.lastIndexOf(LINE_FEED, block.length - 2) + 1;
  if (isRow(block, 0) && isRow(block, lastLine)) {
    parts.push({ kind: 'rows', bytes: block });
    return;
  }
  for (let start = 0; start < block.length; ) {
    let end = block.indexOf(LINE_FEED, start) + 1;
    if (isRow(block, start)) {
      while (end < block.length && isRow(block, end)) end = block.indexOf(LINE_FEED, end) + 1;
    }
    addLine(parts, block.subarray(start, end));
    start = end;
  }
}

/** `line`: one event, or any number of rows. */
function addLine(parts: StreamPart[], line: Buffer): void {
  parts.push(isRow(line, 0) ? { kind: 'rows', bytes: line } : { kind: 'event', line });
}

function isRow(block: Buffer, at: number): boolean {
  return block.compare(PREFIX, 0, PREFIX.length, at, Math.min(at + PREFIX.length, block.length)) === 0;
}
