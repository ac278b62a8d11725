import type { Dialect } from '#core/dialects.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { Verdict } from '#core/guard/verdict.ts';
import { KIB } from '#core/protocol/limits.ts';
import { BoundedCache } from '../bounded-cache.ts';

/** Statements longer than this are parsed each time: 1,000 cached ones hold 4 MiB at most. */
const CACHED_STATEMENT = 4 * KIB;
const CACHED_VERDICTS = 1_000;

/** Judges statements, and remembers what it said of those that come again and again. */
export class StatementGuard {
  readonly #verdicts = new BoundedCache<Verdict>({ limit: CACHED_VERDICTS });

  async check(dialect: Dialect, statement: string): Promise<Verdict> {
    const key = `${dialect} ${statement}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = await (await loadGuard(dialect)).check(statement);
    if (statement.length <= CACHED_STATEMENT) this.#verdicts.set(key, verdict);
    return verdict;
  }
}
