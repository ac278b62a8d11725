import { createBackoff } from '#core/backoff.ts';
import { CustardError, isCustardError } from '#core/errors.ts';
import type { Connector } from '../connectors/connector.ts';

/** Whether the database can be asked, as it was when it was last tried. */
export type DatabaseState =
  | { readonly state: 'reachable' }
  /** `since`: of performance.now(). */
  | { readonly state: 'unreachable'; readonly since: number; readonly error: CustardError };

export interface DatabaseWatchOptions {
  readonly connector: Pick<Connector, 'ping'>;
  /** Statements are under way: they tell how the database is, and may hold all its sessions. */
  readonly isBusy: () => boolean;
  readonly onChange: (now: DatabaseState, before: DatabaseState) => void;
  /** Whatever a ping throws that is no error of the database's. */
  readonly onBug: (error: unknown) => void;
  /** Milliseconds between two looks while nobody asks anything; 0: only when a statement could not reach it. */
  readonly everyMs: number;
}

const PING_MS = 10_000;
/** The longest wait between two tries at a database that is gone, and what it takes on average to notice that it is back. */
const RETRY_BOUND_MS = 10_000;
/** A wrong password is not tried often: some servers lock the account. */
const REFUSED_RETRY_BOUND_MS = 60_000;

/** What says that the database cannot be asked, whatever the statement. */
const DOWN: ReadonlySet<string> = new Set(['DATABASE_UNREACHABLE', 'DATABASE_AUTH_FAILED', 'DATABASE_NOT_FOUND']);

/**
 * Looks after the database: now and then while nobody asks anything, at once when a statement could not reach it, and
 * again and again, at random times, until it is back. Statements that go well are as good as a look.
 */
export class DatabaseWatch {
  readonly #options: DatabaseWatchOptions;
  readonly #stop = new AbortController();
  #state: DatabaseState = { state: 'reachable' };
  #retry = createBackoff({ lastBoundMs: RETRY_BOUND_MS });
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #lastGood = performance.now();

  constructor(options: DatabaseWatchOptions) {
    this.#options = options;
    this.#scheduleNext();
  }

  get state(): DatabaseState {
    return this.#state;
  }

  /** Something was answered. */
  sawAnswer(): void {
    this.#lastGood = performance.now();
    if (this.#state.state === 'unreachable') this.#become({ state: 'reachable' });
  }

  /** A statement or a look-up failed with this. */
  sawError(error: unknown): void {
    if (isDown(error) && this.#state.state === 'reachable') void this.#ask();
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  #scheduleNext(): void {
    const { everyMs } = this.#options;
    if (this.#state.state === 'unreachable') this.#schedule(this.#retry.next());
    else if (everyMs > 0) this.#schedule(everyMs);
  }

  /** Spread: a thousand agents of one server do not ask it at the same time. */
  #schedule(ms: number): void {
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms * (0.8 + Math.random() * 0.4));
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { everyMs, isBusy } = this.#options;
    const isQuiet = performance.now() - this.#lastGood >= everyMs / 2 && !isBusy();
    if (this.#state.state === 'unreachable' || isQuiet) await this.#ask();
    else this.#scheduleNext();
  }

  async #ask(): Promise<void> {
    if (this.#asking || this.#stop.signal.aborted) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    const late = AbortSignal.timeout(PING_MS);
    try {
      await this.#options.connector.ping({ signal: AbortSignal.any([this.#stop.signal, late]) });
      this.sawAnswer();
    } catch (error) {
      this.#failed(late.aborted && !this.#options.isBusy() ? silent(error) : error);
    } finally {
      this.#asking = false;
      this.#scheduleNext();
    }
  }

  #failed(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    if (!isCustardError(error)) this.#options.onBug(error);
    if (!isDown(error)) return; // one that found no free session says nothing of the database
    const since = this.#state.state === 'unreachable' ? this.#state.since : performance.now();
    this.#become({ state: 'unreachable', since, error });
  }

  #become(now: DatabaseState): void {
    const before = this.#state;
    this.#state = now;
    if (now.state === 'reachable') this.#retry = createBackoff({ lastBoundMs: RETRY_BOUND_MS });
    else if (now.error.code !== 'DATABASE_UNREACHABLE') {
      this.#retry = createBackoff({ firstBoundMs: REFUSED_RETRY_BOUND_MS, lastBoundMs: REFUSED_RETRY_BOUND_MS });
    }
    const isNews = now.state !== before.state || codeOf(now) !== codeOf(before);
    if (isNews) this.#options.onChange(now, before);
  }
}

const isDown = (error: unknown): error is CustardError => isCustardError(error) && DOWN.has(error.code);
const codeOf = (state: DatabaseState): string | null => (state.state === 'unreachable' ? state.error.code : null);

function silent(cause: unknown): CustardError {
  return new CustardError('DATABASE_UNREACHABLE', `The database did not answer within ${PING_MS / 1000} s.`, {
    hint: 'Look at what it is busy with, and at the network on the way to it.',
    cause,
  });
}
