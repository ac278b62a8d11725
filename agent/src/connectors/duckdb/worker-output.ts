import { once } from 'node:events';
import type { Socket } from 'node:net';
import { CHUNK_BYTES } from '#core/protocol/limits.ts';
import { MESSAGE, MESSAGE_HEADER_BYTES, type WorkerAnswer } from '../file/worker-protocol.ts';

/** A UTF-16 unit is three bytes of UTF-8 at most. */
const WORST_GROWTH = 3;

/** The worker's end of the pipe. What is awaited waits until the parent takes it: that is the back-pressure. */
export class WorkerOutput {
  readonly #pipe: Socket;

  constructor(pipe: Socket) {
    this.#pipe = pipe;
  }

  async answer(answer: WorkerAnswer): Promise<void> {
    const body = Buffer.from(JSON.stringify(answer));
    const message = Buffer.allocUnsafe(MESSAGE_HEADER_BYTES + body.length);
    body.copy(message, MESSAGE_HEADER_BYTES);
    await this.write(message, MESSAGE.answer);
  }

  /** The pipe owns the message from then on; its first MESSAGE_HEADER_BYTES are filled in. */
  async write(message: Buffer, type: number): Promise<void> {
    message[0] = type;
    message.writeUInt32BE(message.length - 1, 1);
    if (!this.#pipe.write(message)) await once(this.#pipe, 'drain');
  }
}

/** Row lines in chunks. */
export class RowOutput {
  readonly #output: WorkerOutput;
  #message = newMessage();
  #at = MESSAGE_HEADER_BYTES;
  #written = 0;

  constructor(output: WorkerOutput) {
    this.#output = output;
  }

  /** All bytes of rows so far. */
  get bytes(): number {
    return this.#written + this.#at - MESSAGE_HEADER_BYTES;
  }

  /** Returns a promise where it has to wait, for a row's worth of it. */
  line(text: string): Promise<void> | undefined {
    if (text.length * WORST_GROWTH > this.#message.length - this.#at) return this.#longLine(Buffer.from(text));
    this.#at += this.#message.write(text, this.#at);
    return undefined;
  }

  async flush(): Promise<void> {
    if (this.#at === MESSAGE_HEADER_BYTES) return;
    const message = this.#message.subarray(0, this.#at);
    this.#written += this.#at - MESSAGE_HEADER_BYTES;
    this.#message = newMessage();
    this.#at = MESSAGE_HEADER_BYTES;
    await this.#output.write(message, MESSAGE.rows);
  }

  async #longLine(bytes: Buffer): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      if (this.#at === this.#message.length) await this.flush();
      const copied = bytes.copy(this.#message, this.#at, from);
      this.#at += copied;
      from += copied;
    }
  }
}

const newMessage = (): Buffer => Buffer.allocUnsafe(MESSAGE_HEADER_BYTES + CHUNK_BYTES);
