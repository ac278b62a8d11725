/** Called with a whole packet's body, buffer[start, end), valid during the call only. Returns false to stop until `resume`. */
export type OnPacket = (buffer: Buffer, start: number, end: number) => boolean;

const HEADER_BYTES = 4;
/** A body of this length goes on in the next packet. https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html */
const MAX_PART_BYTES = 0xff_ff_ff;
const SMALL_BYTES = 8 * 1024;

/**
 * Cuts a stream into packets, however the socket splits them: a 24-bit little-endian length of the body, a sequence
 * number, the body. Whole packets are read where they lie; what spans reads or packets is copied together.
 */
export class PacketSplitter {
  readonly #onPacket: OnPacket;
  /** Refuses a body by its length so far, before it is collected. */
  readonly #checkLength: (bytes: number) => void;
  /** The packet that spans reads, header first, `#have` bytes of it so far. */
  #partial: Buffer = Buffer.allocUnsafe(SMALL_BYTES);
  #have = 0;
  /** Bodies of the packets before, of one that goes on. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  /** What was not looked at because the receiver asked to stop. */
  #rest: Buffer | undefined;
  #stopped = false;

  constructor(onPacket: OnPacket, checkLength: (bytes: number) => void) {
    this.#onPacket = onPacket;
    this.#checkLength = checkLength;
  }

  /** Whether the receiver asked to stop. */
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
      const length = chunk.readUIntLE(at, 3);
      const end = at + HEADER_BYTES + length;
      this.#checkLength(this.#partBytes + length);
      if (end > chunk.length) break;
      this.#take(chunk, at + HEADER_BYTES, end);
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

  #take(buffer: Buffer, start: number, end: number): void {
    const goesOn = end - start === MAX_PART_BYTES;
    if (!goesOn && this.#parts.length === 0) {
      this.#stopped = !this.#onPacket(buffer, start, end);
      return;
    }
    this.#parts.push(Buffer.from(buffer.subarray(start, end)));
    this.#partBytes += end - start;
    if (goesOn) return;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partBytes = 0;
    this.#stopped = !this.#onPacket(whole, 0, whole.length);
  }

  /** Takes what is missing of the partial packet; returns where in the chunk the next one begins. */
  #completePartial(chunk: Buffer): number {
    let at = 0;
    if (this.#have < HEADER_BYTES) at = this.#keep(chunk, 0, Math.min(chunk.length, HEADER_BYTES - this.#have));
    if (this.#have < HEADER_BYTES) return at;
    const whole = HEADER_BYTES + this.#partial.readUIntLE(0, 3);
    this.#checkLength(this.#partBytes + whole - HEADER_BYTES);
    at = this.#keep(chunk, at, Math.min(chunk.length, at + whole - this.#have));
    if (this.#have < whole) return at;
    const packet = this.#partial;
    this.#have = 0;
    if (packet.length > SMALL_BYTES) this.#partial = Buffer.allocUnsafe(SMALL_BYTES);
    this.#take(packet, HEADER_BYTES, whole);
    return at;
  }

  #keep(chunk: Buffer, from: number, to: number): number {
    const bytes = this.#have + to - from;
    if (bytes > this.#partial.length) this.#grow(bytes);
    this.#have += chunk.copy(this.#partial, this.#have, from, to);
    return to;
  }

  /** At once to the packet's whole length, which was looked at by then. */
  #grow(bytes: number): void {
    const whole = this.#have >= HEADER_BYTES ? HEADER_BYTES + this.#partial.readUIntLE(0, 3) : bytes;
    const grown = Buffer.allocUnsafe(Math.max(bytes, whole));
    this.#partial.copy(grown, 0, 0, this.#have);
    this.#partial = grown;
  }
}
