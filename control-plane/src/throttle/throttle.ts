import { createHash } from 'node:crypto';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { CustardError } from '#core/errors.ts';

/** How often something may be tried by or for one key before each further try has to wait longer than the one before. */
export interface ThrottleRule {
  readonly name: string;
  /** Tries that cost no waiting. */
  readonly free: number;
  /** After the first try that is not free; doubled with each one after it. */
  readonly firstDelayS: number;
  readonly maxDelayS: number;
}

export interface ThrottleStore {
  /** Counts tries, each for COUNT_S. */
  readonly tries: RateLimiterAbstract;
  /** One may pass, then none for as long as it was told. */
  readonly gate: RateLimiterAbstract;
  /** A key as long as the store wants it. */
  keyOf(hash: string): string;
  close(): Promise<void>;
}

/** For how long a try counts. */
export const COUNT_S = 60 * 60;

/** Growing delays per account and per address, the same whether the account exists or not. */
export class Throttle {
  readonly #store: ThrottleStore;

  constructor(store: ThrottleStore) {
    this.#store = store;
  }

  /**
   * Counts a try before it is known how it ends, so that a hundred at once count as a hundred. RATE_LIMITED with the
   * seconds to wait; a try that is refused here does not make the wait longer.
   */
  async count(rule: ThrottleRule, subject: string): Promise<void> {
    const key = this.#key(rule, subject);
    const { consumedPoints } = await this.#store.tries.penalty(key, 1);
    const over = consumedPoints - rule.free;
    if (over <= 0) return;
    try {
      const delayS = Math.min(rule.firstDelayS * 2 ** Math.min(over - 1, 20), rule.maxDelayS);
      await this.#store.gate.consume(key, 1, { customDuration: delayS });
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      await this.#store.tries.reward(key, 1);
      throw tooMany(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
    }
  }

  /** It went well: what was counted is forgotten. */
  async forget(rule: ThrottleRule, subject: string): Promise<void> {
    const key = this.#key(rule, subject);
    await Promise.all([this.#store.tries.delete(key), this.#store.gate.delete(key)]);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** Hashed: an e-mail address is nothing to leave in a cache. */
  #key({ name }: ThrottleRule, subject: string): string {
    return this.#store.keyOf(createHash('sha256').update(`${name}\0${subject}`).digest('hex'));
  }
}

function tooMany(retryAfterS: number): CustardError {
  return new CustardError('RATE_LIMITED', 'There were too many tries.', {
    hint: `Try again in ${retryAfterS} s.`,
    details: { retryAfterS },
  });
}
