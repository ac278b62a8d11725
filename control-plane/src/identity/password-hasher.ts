import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { CustardError } from '#core/errors.ts';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Each takes a core and 19 MiB: more at once would only make all of them late. */
const MAX_AT_ONCE = Math.max(2, availableParallelism() - 1);
/** More would wait longer than anybody does. */
const MAX_WAITING = 200;

/** argon2id, as many at once as there are cores for. */
export class PasswordHasher {
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #dummy: Promise<string> | null = null;

  async hash(password: string): Promise<string> {
    const { hash } = await import('@node-rs/argon2');
    return await this.#inTurn(() => hash(password.normalize('NFKC'), OPTIONS));
  }

  /** With null, for somebody who is not there, it takes as long as with a hash, and is false. */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const { verify } = await import('@node-rs/argon2');
    const against = stored ?? (await this.#dummyHash());
    const fits = await this.#inTurn(() => verify(against, password.normalize('NFKC')));
    return fits && stored !== null;
  }

  /** Whether it was made with other costs than those of today. */
  async isOutdated(stored: string): Promise<boolean> {
    const { parseOptions } = await import('@node-rs/argon2');
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    const sameCosts =
      memoryCost === OPTIONS.memoryCost && timeCost === OPTIONS.timeCost && parallelism === OPTIONS.parallelism;
    return !sameCosts || !stored.startsWith('$argon2id$');
  }

  /** So that the first who is not there is not told by the time the dummy takes. */
  async warm(): Promise<void> {
    await this.#dummyHash();
  }

  #dummyHash(): Promise<string> {
    this.#dummy ??= this.hash(randomBytes(32).toString('hex'));
    return this.#dummy;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_AT_ONCE) await this.#turn();
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next(); // takes this one's place
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw new CustardError('RATE_LIMITED', 'Too many log in at this moment.', { hint: 'Try again in a moment.' });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
