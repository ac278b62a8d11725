import { writeSync } from 'node:fs';
import { CHUNK_BYTES } from '#core/protocol/limits.ts';
import { MESSAGE, MESSAGE_HEADER_BYTES, PIPE_FD, type WorkerAnswer } from '../file/worker-protocol.ts';

/** A UTF-16 unit is three bytes of UTF-8 at most. */
const WORST_GROWTH = 3;

/** Blocks until the parent has taken it: that is the back-pressure. */
function writeMessage(message: Buffer, type: number, length: number): void {
  message[0] = type;
  message.writeUInt32BE(length - 1, 1);
  for (let at = 0; at < length; ) at += writeSync(PIPE_FD, message, at, length - at);
}

export function writeAnswer(answer: WorkerAnswer): void {
  const body = Buffer.from(JSON.stringify(answer));
  const message = Buffer.concat([Buffer.alloc(MESSAGE_HEADER_BYTES), body]);
  writeMessage(message, MESSAGE.answer, message.length);
}

/** Row lines in chunks. One buffer serves them all, writes being synchronous. */
export class RowOutput {
  readonly #message = Buffer.allocUnsafe(MESSAGE_HEADER_BYTES + CHUNK_BYTES);
  #at = MESSAGE_HEADER_BYTES;
  #written = 0;

  /** All bytes of rows so far. */
  get bytes(): number {
    return this.#written + this.#at - MESSAGE_HEADER_BYTES;
  }

  line(text: string): void {
    if (text.length * WORST_GROWTH > this.#message.length - this.#at) this.#longLine(Buffer.from(text));
    else this.#at += this.#message.write(text, this.#at);
  }

  flush(): void {
    if (this.#at === MESSAGE_HEADER_BYTES) return;
    writeMessage(this.#message, MESSAGE.rows, this.#at);
    this.#written += this.#at - MESSAGE_HEADER_BYTES;
    this.#at = MESSAGE_HEADER_BYTES;
  }

  #longLine(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) {
      if (this.#at === this.#message.length) this.flush();
      const copied = bytes.copy(this.#message, this.#at, from);
      this.#at += copied;
      from += copied;
    }
  }
}
