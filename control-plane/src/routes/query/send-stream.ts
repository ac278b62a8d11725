import type { ServerResponse } from 'node:http';
import { isCustardError } from '#core/errors.ts';
import type { QueryPart } from '../../actions/query-part.ts';
import { type EventEncoding, isDecisive, lastEvent } from './event-stream.ts';

interface SendStreamOptions {
  readonly parts: AsyncGenerator<QueryPart>;
  readonly response: ServerResponse;
  readonly encoding: EventEncoding;
  readonly requestId: string;
  /** How long nothing is sent while it is open how the query goes, so that an early failure has its own status. */
  readonly holdMs: number;
  /** How long a client may take nothing while there is something to take. */
  readonly stallMs: number;
  /** Told of an error that is a bug. */
  readonly onBug: (error: unknown) => void;
}

/** Sends a query's parts while it runs. Throws what ended it, as long as nothing was sent. */
export async function sendStream(options: SendStreamOptions): Promise<void> {
  const { parts, response, encoding, requestId } = options;
  const stream = new HeldStream(options);
  try {
    for await (const part of parts) {
      const bytes = part.type === 'rows' ? encoding.rows(part.bytes) : encoding.event(part);
      const full = stream.write(bytes, isDecisive(part));
      if (full) await drained(options);
    }
  } catch (error) {
    if (!response.headersSent) throw error;
    if (!isCustardError(error)) options.onBug(error);
    if (!response.destroyed) stream.write(encoding.event(lastEvent(error, requestId)), true);
  } finally {
    stream.release();
  }
  response.end();
}

/** Holds the first events back until one is decisive or the time is up. */
class HeldStream {
  readonly #response: ServerResponse;
  readonly #encoding: EventEncoding;
  readonly #timer: NodeJS.Timeout;
  #held: (string | Buffer)[] | null = [];

  constructor({ response, encoding, holdMs }: SendStreamOptions) {
    this.#response = response;
    this.#encoding = encoding;
    this.#timer = setTimeout(() => this.#open(), holdMs);
  }

  /** True when the client has to read before there is more. */
  write(bytes: string | Buffer, decisive: boolean): boolean {
    if (this.#held !== null) {
      this.#held.push(bytes);
      if (decisive) this.#open();
      return false;
    }
    return !this.#response.write(bytes);
  }

  release(): void {
    clearTimeout(this.#timer);
  }

  #open(): void {
    clearTimeout(this.#timer);
    if (this.#held === null || this.#response.destroyed) return;
    this.#response.writeHead(200, { 'content-type': this.#encoding.contentType, 'x-accel-buffering': 'no' });
    this.#response.write(
      this.#held.every((bytes) => typeof bytes === 'string')
        ? this.#held.join('')
        : Buffer.concat(this.#held.map((bytes) => Buffer.from(bytes))),
    );
    this.#held = null;
  }
}

/**
 * Waits until the client has read. The socket's own timer starts anew with every byte that is taken;
 * when it runs out Node closes the socket, which aborts the query.
 */
function drained({ response, stallMs }: SendStreamOptions): Promise<void> {
  if (response.destroyed) return Promise.resolve(); // the abort that follows ends the parts
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      response.setTimeout(0);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
    response.setTimeout(stallMs);
  });
}
