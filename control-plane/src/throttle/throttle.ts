import { createHash } from 'node:crypto';
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

/** Where tries are counted, for COUNT_S from the first one on. */
export interface ThrottleStore {
  /** One more; how many there are then. */
  count(key: string): Promise<number>;
  uncount(key: string): Promise<void>;
  /** 0 for one, and then for nobody for `delayS`: for those the milliseconds that are left. */
  pass(key: string, delayS: number): Promise<number>;
  forget(key: string): Promise<void>;
  close(): Promise<void>;
}

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
    const key = keyOf(rule, subject);
    const over = (await this.#store.count(key)) - rule.free;
    if (over <= 0) return;
    const delayS = Math.min(rule.firstDelayS * 2 ** Math.min(over - 1, 20), rule.maxDelayS);
    const waitMs = await this.#store.pass(key, delayS);
    if (waitMs === 0) return;
    await this.#store.uncount(key);
    throw tooMany(Math.max(1, Math.ceil(waitMs / 1000)));
  }

  /** It went well: that try does not count. */
  async forgive(rule: ThrottleRule, subject: string): Promise<void> {
    await this.#store.uncount(keyOf(rule, subject));
  }

  /** It went well, and it shows that those before were no guessing: none of them counts any more. */
  async forget(rule: ThrottleRule, subject: string): Promise<void> {
    await this.#store.forget(keyOf(rule, subject));
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

/** Hashed: an e-mail address is nothing to leave in a cache. */
function keyOf({ name }: ThrottleRule, subject: string): string {
  return createHash('sha256').update(`${name}\0${subject}`).digest('base64url').slice(0, 22);
}

function tooMany(retryAfterS: number): CustardError {
  return new CustardError('RATE_LIMITED', 'There were too many tries.', {
    hint: `Try again in ${retryAfterS} s.`,
    details: { retryAfterS },
  });
}
