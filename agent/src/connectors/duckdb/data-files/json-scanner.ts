const [QUOTE, BACKSLASH, COMMA, LINE_FEED, SPACE, ZERO, NINE, DOT] = [0x22, 0x5c, 0x2c, 0x0a, 0x20, 0x30, 0x39, 0x2e];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
/** A double keeps so many. */
const EXACT_DIGITS = 15;

/**
 * Finds the records of a JSON text: the items of an array, or documents one after the other. It does not parse them; it tells
 * what DuckDB's reader lets pass (an array that never ends) or does not tell (the line a record begins in).
 */
export class JsonScanner {
  isArray = false;
  /** Objects and others. */
  records = 0;
  /** The line in which the latest record begins. */
  recordLine = 0;
  /** The line of the first record that is no object. */
  otherAt: number | null = null;
  /** The line of what follows an array's end, or of a bracket too many. */
  strayAt: number | null = null;
  /** A record goes over several lines, or several stand in one. */
  isByLine = true;
  hasLongNumbers = false;
  #line = 1;
  #depth = 0;
  #hasBegun = false;
  #hasEnded = false;
  #inText = false;
  #isEscaped = false;
  #inScalar = false;
  #digits = 0;

  /** Whether the text may end here. */
  get isWhole(): boolean {
    return this.#depth === 0 && !this.#inText && (!this.isArray || this.#hasEnded);
  }

  push(chunk: Buffer): void {
    for (const byte of chunk) {
      if (this.#inText) this.#readText(byte);
      else if (byte > SPACE) this.#readMark(byte);
      else this.#inScalar = false;
      if (byte === LINE_FEED) {
        this.#line++;
        if (this.#depth > 0) this.isByLine = false;
      }
    }
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#inText = false;
  }

  #readMark(byte: number): void {
    const isDigit = byte >= ZERO && byte <= NINE;
    if (isDigit && ++this.#digits > EXACT_DIGITS) this.hasLongNumbers = true;
    if (!isDigit && byte !== DOT) this.#digits = 0;
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#close();
    else if (byte === COMMA) this.#inScalar = false;
    else this.#open(byte);
  }

  #open(byte: number): void {
    const opens = byte === OPEN_BRACE || byte === OPEN_BRACKET;
    if (!this.#hasBegun && byte === OPEN_BRACKET) {
      this.#hasBegun = true;
      this.isArray = true;
      return;
    }
    this.#hasBegun = true;
    if (this.#hasEnded) this.strayAt ??= this.#line;
    if (this.#depth === 0 && !this.#inScalar) this.#beginRecord(byte);
    if (byte === QUOTE) this.#inText = true;
    if (opens) this.#depth++;
  }

  #beginRecord(byte: number): void {
    if (this.records > 0 && this.recordLine === this.#line) this.isByLine = false;
    this.records++;
    this.recordLine = this.#line;
    if (byte !== OPEN_BRACE) this.otherAt ??= this.#line;
    this.#inScalar = byte !== OPEN_BRACE && byte !== OPEN_BRACKET;
  }

  #close(): void {
    this.#inScalar = false;
    if (this.#depth > 0) this.#depth--;
    else if (this.isArray && !this.#hasEnded) this.#hasEnded = true;
    else this.strayAt ??= this.#line;
  }
}

export async function scanJson(chunks: AsyncIterable<Buffer>): Promise<JsonScanner> {
  const scanner = new JsonScanner();
  for await (const chunk of chunks) scanner.push(chunk);
  return scanner;
}
