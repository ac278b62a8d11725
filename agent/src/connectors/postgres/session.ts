import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import { MessageSplitter, type OnMessage } from '../message-splitter.ts';
import type { Poolable } from '../pool.ts';
import { type Transport, transportOf } from '../transport.ts';
import { BACKEND } from './backend-messages.ts';
import { type CancelTarget, sendCancelRequest } from './cancel-request.ts';
import type { ReadingSocket } from './reading-socket.ts';

/** A DataRow is at most so much longer than the line it becomes: four length bytes for each of 1,664 columns. */
const ROW_SLACK_BYTES = 8 * 1024;
/** No other message comes near it; a longer one is not the PostgreSQL protocol. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

const LATE_ATTEMPTS = 3;
const LATE_CANCEL_MS = 5_000;
const LATE_PAUSE_MS = 500;

export interface SessionReceiver {
  readonly onMessage: OnMessage;
  /** Everything that one socket read brought has been given to onMessage. */
  readonly onPause: () => void;
  /** A row longer than MAX_ROW_BYTES is on its way; the session ends. */
  readonly onHugeRow: () => void;
  /** The socket is gone, or sent what is no protocol; nothing more will come. */
  readonly onLost: (cause: unknown) => void;
}

interface SessionOptions {
  /** As pg left it: the socket, or TLS over it. */
  readonly stream: Duplex;
  readonly reading: ReadingSocket;
  /** ParameterStatus of the start: server_version, server_encoding … */
  readonly parameters: ReadonlyMap<string, string>;
  /** To be set in each transaction. */
  readonly searchPath: string | undefined;
  readonly cancelTarget: CancelTarget;
}

class HugeRow extends Error {}

/** An authenticated connection whose socket is ours alone. One receiver at a time. */
export class Session implements Poolable {
  readonly parameters: ReadonlyMap<string, string>;
  readonly searchPath: string | undefined;
  readonly #stream: Duplex;
  readonly #cancelTarget: CancelTarget;
  readonly #splitter: MessageSplitter;
  #receiver: SessionReceiver | undefined;
  #usable = true;
  #answered = false;

  constructor({ stream, reading, parameters, searchPath, cancelTarget }: SessionOptions) {
    this.parameters = parameters;
    this.searchPath = searchPath;
    this.#stream = stream;
    this.#cancelTarget = cancelTarget;
    this.#splitter = new MessageSplitter(
      // Between statements a server sends notices and parameters only; its FATAL errors end the socket.
      (type, buffer, start, end) => {
        this.#answered ||= type === BACKEND.parseComplete;
        return this.#receiver?.onMessage(type, buffer, start, end) ?? true;
      },
      (type, bytes) => this.#checkLength(type, bytes),
    );
    // pg's own parser has read everything up to ReadyForQuery; from here on the bytes are ours.
    reading.takeOver(stream, (bytes) => this.#read(bytes));
    stream.on('error', (error) => this.#lose(error));
    stream.on('close', () => this.#lose(undefined));
  }

  /** Where it was connected to: a name, an address, or a socket's folder. */
  get host(): string {
    return this.#cancelTarget.host;
  }

  /** Whether the way there is encrypted, and whether the server had to prove who it is. */
  get encryption(): 'none' | 'unverified' | 'verified' {
    const { tls } = this.#cancelTarget;
    if (tls === false) return 'none';
    return tls.rejectUnauthorized === false ? 'unverified' : 'verified';
  }

  get transport(): Transport {
    return transportOf({ stream: this.#stream, host: this.host, encryption: this.encryption });
  }

  get usable(): boolean {
    return this.#usable;
  }

  /** Whether anything has come back of what was sent last. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Writes a batch and gives its answer to the receiver until `finish`. */
  send(batch: Buffer, receiver: SessionReceiver): void {
    this.#receiver = receiver;
    this.#answered = false;
    if (this.#usable) this.#stream.write(batch);
    else process.nextTick(() => receiver.onLost(undefined));
  }

  finish(): void {
    this.#receiver = undefined;
  }

  /** After onMessage returned false: reads on. */
  resume(): void {
    this.#guarded(() => this.#splitter.resume());
    if (!this.#splitter.stopped) this.#stream.resume();
  }

  async cancel(timeoutMs: number): Promise<void> {
    await sendCancelRequest(this.#cancelTarget, timeoutMs);
  }

  /**
   * Once the connection is cut: a server before PostgreSQL 14 does not see that and computes on, and a request for it
   * may have been too slow or lost. The key is that of this session only, so that nobody else is hit.
   */
  async cancelLate(): Promise<void> {
    for (let attempt = 0; attempt < LATE_ATTEMPTS; attempt++) {
      await this.cancel(LATE_CANCEL_MS).catch(() => undefined);
      await delay(LATE_PAUSE_MS, undefined, { ref: false });
    }
  }

  destroy(): void {
    this.#usable = false;
    this.#stream.destroy();
  }

  #read(bytes: Buffer): boolean {
    this.#guarded(() => this.#splitter.push(bytes));
    return !this.#splitter.stopped;
  }

  /** What a broken server sends may throw anywhere in reading it; that ends this session, not the program. */
  #guarded(read: () => void): void {
    try {
      read();
      this.#receiver?.onPause();
    } catch (error) {
      if (error instanceof HugeRow) this.#receiver?.onHugeRow();
      this.destroy();
      this.#lose(error);
    }
  }

  #checkLength(type: number, bytes: number): void {
    if (type === BACKEND.dataRow && bytes > MAX_ROW_BYTES + ROW_SLACK_BYTES) throw new HugeRow();
    if (bytes < 4 || bytes > MAX_MESSAGE_BYTES) throw new RangeError('A message of impossible length.');
  }

  #lose(cause: unknown): void {
    this.#usable = false;
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.onLost(cause);
  }
}
