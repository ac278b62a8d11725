import { CustardError } from '#core/errors.ts';

interface TurnQueueOptions {
  /** Turns at the same time. */
  readonly turns: number;
  /** Those that may wait for one. */
  readonly waiting: number;
  /** How long each of them waits at most. */
  readonly waitMs: number;
  /** What takes turns, for messages: "statements". */
  readonly things: string;
  /** What to do about too much of it, beside waiting. */
  readonly hint: string;
  /** The numbers below are others than before. */
  readonly onChange?: () => void;
}

/** Until it is disposed of, nobody else has this turn. */
export interface Turn extends Disposable {
  readonly waitedMs: number;
}

interface Waiter {
  readonly proceed: () => void;
}

/** Turns in the order in which they were asked for: the queue is bounded, and so is the wait in it. */
export class TurnQueue {
  readonly #options: TurnQueueOptions;
  readonly #waiting = new Set<Waiter>();
  #running = 0;

  constructor(options: TurnQueueOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * A turn, at once or when it comes. AGENT_BUSY when the queue is full or the wait too long; whoever's signal is
   * aborted leaves the queue at once, with the signal's reason.
   * @param withinMs a shorter wait than the queue's own
   */
  async enter({ signal, withinMs }: { readonly signal: AbortSignal; readonly withinMs: number }): Promise<Turn> {
    signal.throwIfAborted();
    if (this.#running < this.#options.turns) {
      this.#running++;
      this.#options.onChange?.();
      return this.#turn(0);
    }
    if (this.#waiting.size >= this.#options.waiting) throw this.#full();
    const since = performance.now();
    await this.#wait(signal, Math.min(withinMs, this.#options.waitMs));
    return this.#turn(performance.now() - since);
  }

  #turn(waitedMs: number): Turn {
    let isOver = false;
    return {
      waitedMs,
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        this.#pass();
      },
    };
  }

  /** A turn that ends goes straight to who has waited longest: nobody who comes later gets in between. */
  #pass(): void {
    const [first] = this.#waiting;
    if (first === undefined) this.#running--;
    else first.proceed();
    this.#options.onChange?.();
  }

  #wait(signal: AbortSignal, waitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (settle: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.#waiting.delete(waiter);
        settle();
        this.#options.onChange?.();
      };
      const waiter: Waiter = { proceed: () => leave(resolve) };
      const abort = (): void => leave(() => reject(signal.reason));
      const timer = setTimeout(() => leave(() => reject(this.#late(waitMs))), waitMs);
      this.#waiting.add(waiter);
      this.#options.onChange?.();
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  #full(): CustardError {
    const { things, hint } = this.#options;
    const state = `${this.#running} ${things} running, ${this.#waiting.size} waiting`;
    return new CustardError('AGENT_BUSY', `The agent is busy: ${state}, and no more may wait.`, { hint });
  }

  #late(waitMs: number): CustardError {
    const { things, hint } = this.#options;
    const state = `${this.#running} ${things} running, ${this.#waiting.size} more waiting`;
    return new CustardError(
      'AGENT_BUSY',
      `The agent is busy: no turn came within ${Math.round(waitMs / 10) / 100} s (${state}).`,
      {
        hint,
      },
    );
  }
}
