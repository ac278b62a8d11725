import type { RowSink } from './connector.ts';

interface OutletEvents {
  /** The sink takes chunks again. */
  readonly onFree: () => void;
  /** Once: the sink wants no more. */
  readonly onRefused: (error: unknown) => void;
}

/**
 * Between a source that makes chunks as it reads and a sink that may ask it to wait. While the sink
 * is busy, chunks queue here: the source looks at `blocked` after each row and stops reading, so the
 * queue holds one row at most.
 */
export class RowOutlet {
  readonly #sink: RowSink;
  readonly #events: OutletEvents;
  readonly #queue: Buffer[] = [];
  #blocked = false;
  #closed = false;
  #onEmpty: (() => void) | undefined;

  constructor(sink: RowSink, events: OutletEvents) {
    this.#sink = sink;
    this.#events = events;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  get closed(): boolean {
    return this.#closed;
  }

  push(chunk: Buffer): void {
    if (this.#closed) return;
    if (this.#blocked) this.#queue.push(chunk);
    else this.#hand(chunk);
  }

  /** From now on chunks are thrown away and no event comes. */
  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    this.#onEmpty?.();
  }

  /** Resolves when everything pushed has been handed over, or when the outlet is closed. */
  async handedOver(): Promise<void> {
    if (this.#queue.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #hand(chunk: Buffer): void {
    const taken = this.#give(chunk);
    if (taken === undefined) return;
    this.#blocked = true;
    taken.then(
      () => this.#next(),
      (error: unknown) => {
        if (this.#closed) return;
        this.close();
        this.#events.onRefused(error);
      },
    );
  }

  /** A sink that throws refuses, as one that rejects. */
  #give(chunk: Buffer): Promise<void> | undefined {
    try {
      return this.#sink.chunk(chunk);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #next(): void {
    this.#blocked = false;
    while (!this.#blocked) {
      const chunk = this.#queue.shift();
      if (chunk === undefined) break;
      this.#hand(chunk);
    }
    if (this.#queue.length === 0) this.#onEmpty?.();
    if (!this.#blocked && !this.#closed) this.#events.onFree();
  }
}
