import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const READ_BYTES = 64 * 1024;

/** Takes what one read brought, valid during the call only; false pauses the stream. */
export type OnBytes = (bytes: Buffer) => boolean;

/**
 * A socket for pg that can be taken over once pg has logged in. It reads into one buffer over and
 * over: a new one for each read would be most of what a long result leaves to the garbage collector.
 */
export class ReadingSocket {
  readonly socket: Socket;
  #onBytes: OnBytes | undefined;

  constructor() {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    this.socket = new Socket({
      onread: { buffer, callback: (length) => this.#read(buffer.subarray(0, length)) },
    });
  }

  /** From now on `stream` (this socket, or TLS over it) is read by `onBytes` alone. */
  takeOver(stream: Duplex, onBytes: OnBytes): void {
    stream.removeAllListeners('data');
    if (stream === this.socket) this.#onBytes = onBytes;
    else {
      stream.on('data', (bytes: Buffer) => {
        if (!onBytes(bytes)) stream.pause();
      });
    }
  }

  #read(bytes: Buffer): boolean {
    if (this.#onBytes !== undefined) return this.#onBytes(bytes);
    // With onread a socket emits no data events, and pg listens to them while it logs in.
    this.socket.emit('data', Buffer.from(bytes));
    return true;
  }
}
