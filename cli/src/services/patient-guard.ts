import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Dialect } from '#core/dialects.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { Guard, Verdict } from '#core/guard/verdict.ts';

/** What a guard whose parser works allows. */
const PLAIN: Readonly<Record<Dialect, string>> = { postgres: 'SELECT 1', sqlite: 'SELECT 1' };

/** How long signals and a closed pipe may go unheard. */
const TURN_EVERY_MS = 20;
/** A fresh parser takes some 30 ms. */
const RECOVERY_MS = 10_000;

/**
 * A guard for many statements in a row. A parser that crashed is replaced in a later turn of the event
 * loop, and until then everything is refused: a statement that follows a crash waits for the fresh one,
 * and the one that crashed is tried once more with it.
 */
export class PatientGuard {
  readonly #guard: Guard;
  readonly #plain: string;
  readonly #signal: AbortSignal;
  #turnedAt = performance.now();

  private constructor(guard: Guard, plain: string, signal: AbortSignal) {
    this.#guard = guard;
    this.#plain = plain;
    this.#signal = signal;
  }

  static async load(dialect: Dialect, signal: AbortSignal): Promise<PatientGuard> {
    return new PatientGuard(await loadGuard(dialect), PLAIN[dialect], signal);
  }

  /** Rejects with the signal's reason, and where the parser does not come back. */
  async check(statement: string): Promise<Verdict> {
    if (performance.now() - this.#turnedAt > TURN_EVERY_MS) await this.#turn();
    const verdict = this.#guard.check(statement);
    if (!mayBeCrash(verdict) || this.#works()) return verdict;
    await this.#recovered();
    const second = this.#guard.check(statement);
    if (mayBeCrash(second)) await this.#recovered();
    return second;
  }

  async #turn(): Promise<void> {
    await setImmediate();
    this.#signal.throwIfAborted();
    this.#turnedAt = performance.now();
  }

  #works(): boolean {
    return this.#guard.check(this.#plain).verdict === 'allow';
  }

  async #recovered(): Promise<void> {
    const since = performance.now();
    while (!this.#works()) {
      if (performance.now() - since > RECOVERY_MS) throw new Error("the guard's parser did not come back");
      await setTimeout(1);
      this.#signal.throwIfAborted();
    }
  }
}

/** The guard's verdict on what broke its parser; on some other statements too. */
const mayBeCrash = (verdict: Verdict): boolean =>
  verdict.verdict === 'deny' && verdict.code === 'CONSTRUCT_NOT_ALLOWED';
