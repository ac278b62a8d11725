import { CustardError } from '#core/errors.ts';
import { ROW_PREFIX } from '#core/protocol/frames.ts';
import type { Cell } from '#core/values.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const LOWER_N = 0x6e;
const LINE_FEED = 0x0a;

interface DelimitedFormat {
  readonly delimiter: number;
  readonly nullText: Uint8Array;
  /** A JSON string without escapes: whether its quotes stay. */
  keepsQuotes(isEmpty: boolean, hasComma: boolean): boolean;
  /** A JSON string with escapes. */
  field(cell: Cell): string;
}

/**
 * Row lines as lines of a delimited format, without making JavaScript values of the cells: most
 * cells are the same bytes in both. A string without a backslash holds no quote, tab or line break,
 * so in CSV it is itself, with its quotes where there is a comma in it. Never longer than its input.
 */
export function transcodeRows(lines: Buffer, format: DelimitedFormat): Buffer {
  const out = Buffer.allocUnsafeSlow(lines.length);
  let o = 0;
  for (let i = 0; i < lines.length; ) {
    i += ROW_PREFIX.length;
    // `]` at once: a row of no columns
    while (lines[i] !== CLOSING_BRACKET) {
      const end = cellEnd(lines, i);
      o = writeCell(lines, i, end, out, o, format);
      i = end;
      if (lines[i] === COMMA) {
        out[o++] = format.delimiter;
        i += 1;
      } else if (lines[i] !== CLOSING_BRACKET) throw malformed();
    }
    // ]}\n
    if (lines[i + 2] !== LINE_FEED) throw malformed();
    out[o++] = LINE_FEED;
    i += 3;
  }
  return out.subarray(0, o);
}

/** Index after the cell that begins at `start`. */
function cellEnd(lines: Buffer, start: number): number {
  let i = start;
  if (lines[i] !== QUOTE) {
    for (let byte = lines[i]; byte !== COMMA && byte !== CLOSING_BRACKET; byte = lines[++i]) {
      if (byte === undefined) throw malformed();
    }
    return i;
  }
  for (let byte = lines[++i]; byte !== QUOTE; byte = lines[++i]) {
    if (byte === BACKSLASH) i += 1;
    else if (byte === undefined) throw malformed();
  }
  return i + 1;
}

/** Returns the index in `out` after what was written. */
function writeCell(lines: Buffer, start: number, end: number, out: Buffer, o: number, format: DelimitedFormat): number {
  const first = lines[start];
  if (first === LOWER_N) return copy(format.nullText, 0, format.nullText.length, out, o);
  if (first !== QUOTE) return copy(lines, start, end, out, o);
  let hasComma = false;
  for (let i = start + 1; i < end - 1; i++) {
    const byte = lines[i];
    if (byte === BACKSLASH) return o + out.write(format.field(parse(lines, start, end)), o);
    if (byte === COMMA) hasComma = true;
  }
  const trim = format.keepsQuotes(end - start === 2, hasComma) ? 0 : 1;
  return copy(lines, start + trim, end - trim, out, o);
}

/** Byte by byte while that is cheaper than a call. */
const SHORT = 64;

function copy(from: Uint8Array, start: number, end: number, out: Buffer, at: number): number {
  if (end - start > SHORT) {
    out.set(from.subarray(start, end), at);
    return at + end - start;
  }
  let o = at;
  for (let i = start; i < end; i++) out[o++] = from[i] ?? 0;
  return o;
}

function parse(lines: Buffer, start: number, end: number): Cell {
  const cell: unknown = JSON.parse(lines.toString('utf8', start, end));
  if (typeof cell !== 'string') throw malformed();
  return cell;
}

const malformed = (): CustardError =>
  new CustardError('PROTOCOL_ERROR', 'The server sent a row that is not in the form rows have.');
