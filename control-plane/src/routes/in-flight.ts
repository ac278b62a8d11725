import type { ServerResponse } from 'node:http';

/** After they were told to stop, queries get this long to say so. */
const LAST_WORDS_MS = 2_000;

/** The queries under way in this process, so that the end of the process can wait for them. */
export class InFlight {
  readonly #queries = new Set<AbortController>();
  #whenEmpty: (() => void) | null = null;

  /** Under way until the last byte of the answer is sent or nobody is there to take it. */
  enter(query: AbortController, response: ServerResponse): void {
    this.#queries.add(query);
    response.once('close', () => {
      this.#queries.delete(query);
      if (this.#queries.size === 0) this.#whenEmpty?.();
    });
  }

  /** Resolves once none is left; those that take longer are aborted with `reason`. */
  async drain(timeoutMs: number, reason: Error): Promise<void> {
    if (this.#queries.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
    if (await settles(empty, timeoutMs)) return;
    for (const query of this.#queries) query.abort(reason);
    await settles(empty, LAST_WORDS_MS);
  }
}

async function settles(work: Promise<void>, withinMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), withinMs);
  try {
    return await Promise.race([work.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
