const NULL = 0xfb;
const HEAD_BYTES = 2;
const LENGTH_BYTES = 4;
const HEX = Buffer.from('0123456789abcdef');
const BACKSLASH = 0x5c;
const LETTER_X = 0x78;
const SMALL_BYTES = 8 * 1024;

/**
 * Turns rows of the text protocol (length-encoded texts) into the layout that the row encoders read: two bytes, then of each
 * field its length as 32 bits, -1 for NULL, and its text. Bytes that are no text become \x and hexadecimal digits.
 */
export class RowLayout {
  readonly #isBinary: readonly boolean[];
  #row = Buffer.allocUnsafe(SMALL_BYTES);

  constructor(isBinary: readonly boolean[]) {
    this.#isBinary = isBinary;
  }

  /** Of the packet src[start, end); valid until the next call. */
  of(src: Buffer, start: number, end: number): Buffer {
    this.#reserve(HEAD_BYTES + this.#isBinary.length * (LENGTH_BYTES + 2) + 2 * (end - start));
    const row = this.#row;
    let o = HEAD_BYTES;
    let at = start;
    for (const isBinary of this.#isBinary) {
      const first = src[at++] ?? 0;
      if (first === NULL) {
        o = row.writeInt32BE(-1, o);
        continue;
      }
      const bytes = first < NULL ? 0 : first === 0xfc ? 2 : first === 0xfd ? 3 : 4;
      const length = bytes === 0 ? first : src.readUIntLE(at, bytes);
      at += first === 0xfe ? 2 * bytes : bytes;
      if (at + length > end) throw new RangeError('A field that is longer than its row.');
      if (isBinary) {
        row.writeInt32BE(2 + 2 * length, o);
        o = writeHex(row, o + LENGTH_BYTES, src, at, at + length);
      } else {
        row.writeInt32BE(length, o);
        o += LENGTH_BYTES;
        o += src.copy(row, o, at, at + length);
      }
      at += length;
    }
    return row.subarray(0, o);
  }

  #reserve(bytes: number): void {
    if (bytes > this.#row.length) this.#row = Buffer.allocUnsafe(bytes);
    else if (this.#row.length > SMALL_BYTES && bytes <= SMALL_BYTES) this.#row = Buffer.allocUnsafe(SMALL_BYTES);
  }
}

function writeHex(row: Buffer, to: number, src: Buffer, start: number, end: number): number {
  let o = to;
  row[o++] = BACKSLASH;
  row[o++] = LETTER_X;
  for (let at = start; at < end; at++) {
    const byte = src[at] ?? 0;
    row[o++] = HEX[byte >> 4] ?? 0;
    row[o++] = HEX[byte & 15] ?? 0;
  }
  return o;
}
