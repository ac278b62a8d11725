import { canceled, timedOut } from './run-errors.ts';

interface InterruptionOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What ends a piece of work before its own end: its time is over, or nobody wants it any more. */
export class Interruption implements Disposable {
  readonly #stop = new AbortController();
  readonly #deadline: number;
  readonly #timer: NodeJS.Timeout;
  readonly #options: InterruptionOptions;

  constructor(options: InterruptionOptions) {
    this.#options = options;
    this.#deadline = performance.now() + options.timeoutMs;
    this.#timer = setTimeout(() => this.#stop.abort(timedOut(options.timeoutMs)), options.timeoutMs);
    if (options.signal.aborted) this.#abort();
    options.signal.addEventListener('abort', this.#abort);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** What is left for a statement that is sent now. */
  get remainingMs(): number {
    return Math.max(1, Math.ceil(this.#deadline - performance.now()));
  }

  /** Rejects as soon as the work is interrupted, with why. */
  readonly race = async <T>(work: Promise<T>): Promise<T> => {
    const stopped = Promise.withResolvers<never>();
    const reject = () => stopped.reject(this.signal.reason);
    if (this.signal.aborted) reject();
    this.signal.addEventListener('abort', reject);
    // The loser of the race may fail later, when nobody listens any more.
    work.catch(() => undefined);
    try {
      return await Promise.race([work, stopped.promise]);
    } finally {
      this.signal.removeEventListener('abort', reject);
    }
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => this.#stop.abort(canceled(this.#options.signal.reason));
}
