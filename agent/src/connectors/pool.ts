import { CustardError } from '#core/errors.ts';

/** What a pool keeps: a session with a server, or a worker process. */
export interface Poolable {
  /** False once it may not be given to anybody again. */
  readonly usable: boolean;
  destroy(): void;
}

export interface PoolOptions<T> {
  readonly open: (signal: AbortSignal) => Promise<T>;
  readonly max: number;
  /** Unused for so long, it is closed. */
  readonly idleMs: number;
  /** Open for so long, it is closed at the next opportunity, so that new rights and addresses take effect. */
  readonly lifetimeMs: number;
  /** How long to wait for a free one before giving up with AGENT_BUSY. */
  readonly waitMs: number;
}

interface Entry<T> {
  readonly resource: T;
  readonly openedAt: number;
  idleSince: number;
}

/** What a waiter is handed: somebody's resource, a place to open one in, or word that the pool is closed. */
type HandOver<T> = Entry<T> | 'place' | 'closed';

interface Waiter<T> {
  readonly proceed: (handed: HandOver<T>) => void;
  readonly fail: (error: Error) => void;
}

/**
 * A bounded pool, the last used given out first, so that a burst's extra ones grow old and go. Whoever waits is
 * served in order: what comes free is handed over, and nobody who comes later takes it first.
 */
export class Pool<T extends Poolable> {
  readonly #options: PoolOptions<T>;
  readonly #entries = new Map<T, Entry<T>>();
  readonly #idle: Entry<T>[] = [];
  readonly #waiting = new Set<Waiter<T>>();
  #places = 0;
  #sweeper: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PoolOptions<T>) {
    this.#options = options;
  }

  /** One that nobody else has, until it is released. `reused` says that it was open before. */
  async acquire(signal: AbortSignal): Promise<{ readonly resource: T; readonly reused: boolean }> {
    if (this.#closed) throw closed();
    const entry = this.#takeIdle();
    if (entry !== undefined) return { resource: entry.resource, reused: true };
    if (this.#places < this.#options.max) {
      this.#places++;
      return { resource: await this.#open(signal), reused: false };
    }
    const handed = await this.#waitForTurn(signal);
    if (handed === 'closed') throw closed();
    if (handed === 'place') return { resource: await this.#open(signal), reused: false };
    return { resource: handed.resource, reused: true };
  }

  /** Gives it back; what is no longer usable is destroyed. */
  release(resource: T): void {
    const entry = this.#entries.get(resource);
    if (entry === undefined) return;
    const now = performance.now();
    if (this.#closed || !resource.usable || now - entry.openedAt >= this.#options.lifetimeMs) {
      this.#discard(entry);
      this.#handOverPlace();
      return;
    }
    const [first] = this.#waiting;
    if (first !== undefined) {
      first.proceed(entry);
      return;
    }
    entry.idleSince = now;
    this.#idle.push(entry);
    this.#sweeper ??= setInterval(() => this.#sweep(), this.#options.idleMs / 2).unref();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweeper);
    for (const entry of [...this.#entries.values()]) this.#discard(entry);
    this.#idle.length = 0;
    for (const waiter of [...this.#waiting]) waiter.proceed('closed');
  }

  #takeIdle(): Entry<T> | undefined {
    for (let entry = this.#idle.pop(); entry !== undefined; entry = this.#idle.pop()) {
      if (entry.resource.usable) return entry;
      this.#discard(entry);
    }
    return undefined;
  }

  /** Its place is the caller's already. */
  async #open(signal: AbortSignal): Promise<T> {
    const resource = await this.#options.open(signal).catch((error: unknown) => {
      this.#places--;
      this.#handOverPlace();
      throw error;
    });
    const now = performance.now();
    this.#entries.set(resource, { resource, openedAt: now, idleSince: now });
    if (!this.#closed) return resource;
    this.release(resource);
    throw closed();
  }

  #discard(entry: Entry<T>): void {
    if (this.#entries.delete(entry.resource)) this.#places--;
    entry.resource.destroy();
  }

  #sweep(): void {
    const before = performance.now() - this.#options.idleMs;
    while (this.#idle[0] !== undefined && this.#idle[0].idleSince < before) {
      const entry = this.#idle.shift();
      if (entry !== undefined) this.#discard(entry);
    }
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }

  #handOverPlace(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#places >= this.#options.max) return;
    this.#places++;
    first.proceed('place');
  }

  #waitForTurn(signal: AbortSignal): Promise<HandOver<T>> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.#waiting.delete(waiter);
        done();
      };
      const waiter: Waiter<T> = {
        proceed: (handed) => settle(() => resolve(handed)),
        fail: (error) => settle(() => reject(error)),
      };
      const abort = () => waiter.fail(new CustardError('QUERY_CANCELED', 'The query was canceled before it began.'));
      const timer = setTimeout(() => waiter.fail(busy(this.#options)), this.#options.waitMs);
      this.#waiting.add(waiter);
      signal.addEventListener('abort', abort);
    });
  }
}

function closed(): CustardError {
  return new CustardError('DATABASE_UNREACHABLE', 'The connector is closed.');
}

function busy({ max, waitMs }: { readonly max: number; readonly waitMs: number }): CustardError {
  return new CustardError('AGENT_BUSY', `All ${max} connections to the database were in use for ${waitMs / 1000} s.`, {
    hint: 'Try again when the running queries have ended.',
  });
}
