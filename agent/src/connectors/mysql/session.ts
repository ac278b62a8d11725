import type { Duplex } from 'node:stream';
import { MAX_ROW_BYTES, MIB } from '#core/protocol/limits.ts';
import type { Poolable } from '../pool.ts';
import { type Transport, transportOf } from '../transport.ts';
import { type OnPacket, PacketSplitter } from './packet-splitter.ts';

/** A row's packet is at most so much longer than the line it becomes: nine bytes of length for each of 4,096 columns. */
const ROW_SLACK_BYTES = 64 * 1024;
/** No other packet comes near it. */
const MAX_OTHER_BYTES = 64 * MIB;

export interface SessionReceiver {
  readonly onPacket: OnPacket;
  /** Everything that one socket read brought has been given to onPacket. */
  readonly onPause: () => void;
  /** A row longer than MAX_ROW_BYTES is on its way; the session ends. */
  readonly onHugeRow: () => void;
  /** The socket is gone, or sent what is no protocol; nothing more will come. */
  readonly onLost: (cause: unknown) => void;
}

/** What the first packets of a connection told. */
export interface ServerFacts {
  readonly isMariadb: boolean;
  /** Without the name and the packager's additions: 10.11.19, 8.4.3. */
  readonly version: string;
  /** MariaDB's column metadata was agreed on. */
  readonly hasExtendedMetadata: boolean;
}

interface SessionOptions {
  /** As mysql2 left it: the socket, or TLS over it. */
  readonly stream: Duplex;
  readonly server: ServerFacts;
  readonly host: string;
  readonly encryption: Session['encryption'];
  /** On a connection of its own: ends what this one runs. Rejects where that could not be asked. */
  readonly kill: (timeoutMs: number) => Promise<void>;
}

class HugeRow extends Error {}

/** An authenticated connection whose socket is ours alone. One receiver at a time. */
export class Session implements Poolable {
  readonly server: ServerFacts;
  /** Where it was connected to: a name, an address, or a socket's path. */
  readonly host: string;
  /** Whether the way there is encrypted, and whether the server had to prove who it is. */
  readonly encryption: 'none' | 'unverified' | 'verified';
  readonly #stream: Duplex;
  readonly #kill: SessionOptions['kill'];
  readonly #splitter: PacketSplitter;
  #receiver: SessionReceiver | undefined;
  #usable = true;
  #answered = false;
  #readsRows = false;

  constructor({ stream, server, host, encryption, kill }: SessionOptions) {
    this.server = server;
    this.host = host;
    this.encryption = encryption;
    this.#stream = stream;
    this.#kill = kill;
    this.#splitter = new PacketSplitter(
      (buffer, start, end) => {
        this.#answered = true;
        return this.#receiver?.onPacket(buffer, start, end) ?? true;
      },
      (bytes) => this.#checkLength(bytes),
    );
    // mysql2's own parser has read everything up to the end of the handshake; from here on the bytes are ours.
    stream.removeAllListeners('data');
    stream.on('data', (bytes: Buffer) => this.#read(bytes));
    stream.on('error', (error) => this.#lose(error));
    stream.on('close', () => this.#lose(undefined));
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

  /** Writes a command and gives its answer to the receiver until `finish`. */
  send(command: Buffer, receiver: SessionReceiver): void {
    this.#receiver = receiver;
    this.#answered = false;
    this.#readsRows = false;
    if (this.#usable) this.#stream.write(command);
    else process.nextTick(() => receiver.onLost(undefined));
  }

  /** What comes from now on are rows, which may be only so long. */
  expectRows(): void {
    this.#readsRows = true;
  }

  finish(): void {
    this.#receiver = undefined;
  }

  /** After onPacket returned false: reads on. */
  resume(): void {
    this.#guarded(() => this.#splitter.resume());
    if (!this.#splitter.stopped) this.#stream.resume();
  }

  async kill(timeoutMs: number): Promise<void> {
    await this.#kill(timeoutMs);
  }

  destroy(): void {
    this.#usable = false;
    this.#stream.destroy();
  }

  #read(bytes: Buffer): void {
    this.#guarded(() => this.#splitter.push(bytes));
    if (this.#splitter.stopped) this.#stream.pause();
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

  #checkLength(bytes: number): void {
    if (this.#readsRows && bytes > MAX_ROW_BYTES + ROW_SLACK_BYTES) throw new HugeRow();
    if (bytes > MAX_OTHER_BYTES) throw new RangeError('A packet of impossible length.');
  }

  #lose(cause: unknown): void {
    this.#usable = false;
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.onLost(cause);
  }
}
