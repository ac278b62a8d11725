/**
 * Called once per message with the buffer it lies in; the body is buffer[start, end), valid
 * during the call only. Returns false to be called no more until `resume`.
 */
export type OnMessage = (type: number, buffer: Buffer, start: number, end: number) => boolean;

/** Refuses a message by its announced length, before it is collected. */
export type CheckLength = (type: number, bytes: number) => void;

const HEADER_BYTES = 5;
const SMALL_BYTES = 8 * 1024;

/**
 * Cuts a stream into messages, however the socket splits them: a type byte, a 32-bit big-endian
 * length that counts itself and the body, the body. PostgreSQL's servers send it, and so do the
 * file workers. Whole messages are read where they lie; only one that spans reads is copied
 * together, once.
 */
export class MessageSplitter {
  readonly #onMessage: OnMessage;
  readonly #checkLength: CheckLength;
  /** The message that spans reads, `#have` bytes of it so far. */
  #partial: Buffer = Buffer.allocUnsafe(SMALL_BYTES);
  #have = 0;
  /** What was not looked at because the receiver asked to stop. */
  #rest: Buffer | undefined;
  #stopped = false;

  constructor(onMessage: OnMessage, checkLength: CheckLength) {
    this.#onMessage = onMessage;
    this.#checkLength = checkLength;
  }

  /** Whether the receiver asked to stop; then nothing may be pushed. */
  get stopped(): boolean {
    return this.#stopped;
  }

  push(chunk: Buffer): void {
    if (this.#stopped) {
      this.#rest = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
      return;
    }
    let at = this.#have > 0 ? this.#completePartial(chunk) : 0;
    while (!this.#stopped && at + HEADER_BYTES <= chunk.length) {
      const type = chunk[at] ?? 0;
      const length = chunk.readUInt32BE(at + 1);
      const end = at + 1 + length;
      this.#checkLength(type, length);
      if (end > chunk.length) break;
      this.#stopped = !this.#onMessage(type, chunk, at + HEADER_BYTES, end);
      at = end;
    }
    if (at >= chunk.length) return;
    if (this.#stopped) this.#rest = chunk.subarray(at);
    else this.#keep(chunk, at, chunk.length);
  }

  resume(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.push(rest);
  }

  /** Takes what is missing of the partial message; returns where in the chunk the next one begins. */
  #completePartial(chunk: Buffer): number {
    let at = 0;
    if (this.#have < HEADER_BYTES) at = this.#keep(chunk, 0, Math.min(chunk.length, HEADER_BYTES - this.#have));
    if (this.#have < HEADER_BYTES) return at;
    const type = this.#partial[0] ?? 0;
    const length = this.#partial.readUInt32BE(1);
    this.#checkLength(type, length);
    this.#ensure(1 + length);
    at = this.#keep(chunk, at, Math.min(chunk.length, at + 1 + length - this.#have));
    if (this.#have < 1 + length) return at;
    const message = this.#partial;
    this.#have = 0;
    if (message.length > SMALL_BYTES) this.#partial = Buffer.allocUnsafe(SMALL_BYTES);
    this.#stopped = !this.#onMessage(type, message, HEADER_BYTES, 1 + length);
    return at;
  }

  #keep(chunk: Buffer, from: number, to: number): number {
    this.#ensure(this.#have + to - from);
    this.#have += chunk.copy(this.#partial, this.#have, from, to);
    return to;
  }

  #ensure(bytes: number): void {
    if (bytes <= this.#partial.length) return;
    const grown = Buffer.allocUnsafe(bytes);
    this.#partial.copy(grown, 0, 0, this.#have);
    this.#partial = grown;
  }
}
