import { ROW_PREFIX, ROW_SUFFIX } from '#core/protocol/frames.ts';
import type { ChunkWriter } from './chunk-writer.ts';

/** How a column's text form becomes JSON. */
export const FORM = { string: 0, number: 1, boolean: 2 } as const;

const PREFIX = Buffer.from(ROW_PREFIX);
const SUFFIX = Buffer.from(ROW_SUFFIX);
const NULL = Buffer.from('null');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/** One byte becomes six at most: `\u001f`. */
const WORST_GROWTH = 6;
const FRAME_BYTES = PREFIX.length + SUFFIX.length;
/** Between the fields of the slow path: room for a word, quotes and a comma, or one escaped byte. */
const SMALL_ROOM = 16;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const LETTER_T = 0x74;
const HEX = Buffer.from('0123456789abcdef');
/** The second character of a short escape, by the byte it stands for; 0 for the others. */
const SHORT_ESCAPES = shortEscapes();

function shortEscapes(): Uint8Array {
  const table = new Uint8Array(256);
  for (const [byte, letter] of [
    ['"', '"'],
    ['\\', '\\'],
    ['\b', 'b'],
    ['\f', 'f'],
    ['\n', 'n'],
    ['\r', 'r'],
    ['\t', 't'],
  ] as const) {
    table[byte.charCodeAt(0)] = letter.charCodeAt(0);
  }
  return table;
}

/**
 * Turns DataRow messages in text format into row lines (core/protocol/frames.ts), from bytes to
 * bytes: no string is made of a field. Bytes from 0x80 pass as they are: client_encoding is UTF8, and
 * a server checks that what it sends is, even from a SQL_ASCII database.
 */
export class RowEncoder {
  readonly #out: ChunkWriter;
  /** A FORM per column. */
  readonly #forms: Uint8Array;

  constructor(out: ChunkWriter, forms: Uint8Array) {
    this.#out = out;
    this.#forms = forms;
  }

  /** A DataRow's body: src[start, end). */
  encode(src: Buffer, start: number, end: number): void {
    const worst = (end - start) * WORST_GROWTH + FRAME_BYTES;
    if (worst > this.#out.room) this.#encodeAcrossChunks(src, start);
    else this.#encodeWithin(src, start);
  }

  /** The fast path: the chunk has room for the row whatever it holds. */
  #encodeWithin(src: Buffer, start: number): void {
    const out = this.#out;
    const dst = out.buffer;
    const forms = this.#forms;
    let o = append(dst, out.at, PREFIX);
    let at = start + 2;
    for (let index = 0; index < forms.length; index++) {
      const length = src.readInt32BE(at);
      at += 4;
      if (index > 0) dst[o++] = COMMA;
      if (length < 0) {
        o = append(dst, o, NULL);
        continue;
      }
      const end = at + length;
      const form = forms[index];
      if (form === FORM.boolean) {
        o = append(dst, o, src[at] === LETTER_T ? TRUE : FALSE);
      } else if (form === FORM.number && isJsonNumber(src, at, end)) {
        while (at < end) dst[o++] = src[at++] ?? 0;
      } else {
        dst[o++] = QUOTE;
        o = escapeInto(dst, o, src, at, end);
        dst[o++] = QUOTE;
      }
      at = end;
    }
    out.at = append(dst, o, SUFFIX);
  }

  /** The same for a row that may not fit: a chunk is handed over wherever it is full. */
  #encodeAcrossChunks(src: Buffer, start: number): void {
    this.#appendSmall(PREFIX);
    let at = start + 2;
    for (let index = 0; index < this.#forms.length; index++) {
      const length = src.readInt32BE(at);
      at += 4;
      if (index > 0) this.#appendByte(COMMA);
      if (length < 0) {
        this.#appendSmall(NULL);
        continue;
      }
      const end = at + length;
      const form = this.#forms[index];
      if (form === FORM.boolean) this.#appendSmall(src[at] === LETTER_T ? TRUE : FALSE);
      else if (form === FORM.number && isJsonNumber(src, at, end)) this.#appendText(src, at, end);
      else {
        this.#appendByte(QUOTE);
        this.#appendText(src, at, end);
        this.#appendByte(QUOTE);
      }
      at = end;
    }
    this.#appendSmall(SUFFIX);
  }

  #appendByte(byte: number): void {
    if (this.#out.room < 1) this.#out.flush();
    this.#out.buffer[this.#out.at++] = byte;
  }

  #appendSmall(bytes: Buffer): void {
    if (this.#out.room < bytes.length) this.#out.flush();
    this.#out.at = append(this.#out.buffer, this.#out.at, bytes);
  }

  #appendText(src: Buffer, start: number, end: number): void {
    const out = this.#out;
    for (let at = start; at < end; ) {
      if (out.room < SMALL_ROOM) out.flush();
      const next = Math.min(end, at + Math.floor(out.room / WORST_GROWTH));
      out.at = escapeInto(out.buffer, out.at, src, at, next);
      at = next;
    }
  }
}

function append(dst: Buffer, at: number, bytes: Buffer): number {
  for (let index = 0; index < bytes.length; index++) dst[at + index] = bytes[index] ?? 0;
  return at + bytes.length;
}

/** The inside of a JSON string: `"`, `\` and control characters escaped, all else as it is. */
function escapeInto(dst: Buffer, to: number, src: Buffer, start: number, end: number): number {
  let o = to;
  for (let at = start; at < end; at++) {
    const byte = src[at] ?? 0;
    if (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) {
      dst[o++] = byte;
      continue;
    }
    const letter = SHORT_ESCAPES[byte] ?? 0;
    dst[o++] = BACKSLASH;
    if (letter !== 0) {
      dst[o++] = letter;
    } else {
      dst[o++] = 0x75; // u
      dst[o++] = 0x30;
      dst[o++] = 0x30;
      dst[o++] = HEX[byte >> 4] ?? 0;
      dst[o++] = HEX[byte & 15] ?? 0;
    }
  }
  return o;
}

/** False for NaN and Infinity, and for whatever else JSON would not read as the same number. */
function isJsonNumber(src: Buffer, start: number, end: number): boolean {
  let at = start;
  if (src[at] === 0x2d) at++; // -
  const first = src[at];
  const integerEnd = skipDigits(src, at, end);
  if (integerEnd === at || (first === 0x30 && integerEnd > at + 1)) return false;
  at = integerEnd;
  if (at < end && src[at] === 0x2e) {
    const fractionEnd = skipDigits(src, at + 1, end);
    if (fractionEnd === at + 1) return false;
    at = fractionEnd;
  }
  if (at < end && (src[at] === 0x65 || src[at] === 0x45)) {
    at++;
    if (src[at] === 0x2b || src[at] === 0x2d) at++;
    const exponentEnd = skipDigits(src, at, end);
    if (exponentEnd === at) return false;
    at = exponentEnd;
  }
  return at === end;
}

function skipDigits(src: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = src[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) break;
    at++;
  }
  return at;
}
