import type { ServerResponse } from 'node:http';
import { CustardError } from '#core/errors.ts';

/** After they were told to stop, requests get this long to say so. */
const LAST_WORDS_MS = 2_000;

/** The requests under way in this process, so that the end of the process can wait for them. */
export class InFlight {
  readonly #requests = new Set<AbortController>();
  #whenEmpty: (() => void) | null = null;

  /**
   * A request is under way until the last byte of its answer is sent or nobody is there to take it;
   * then what is returned is aborted.
   */
  enter(response: ServerResponse): AbortController {
    const request = new AbortController();
    this.#requests.add(request);
    response.once('close', () => {
      this.#requests.delete(request);
      if (!response.writableFinished) request.abort(new CustardError('QUERY_CANCELED', 'The client went away.'));
      if (this.#requests.size === 0) this.#whenEmpty?.();
    });
    return request;
  }

  /** Resolves once none is left; those that take longer are aborted with `reason`. */
  async drain(timeoutMs: number, reason: Error): Promise<void> {
    if (this.#requests.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
    if (await settles(empty, timeoutMs)) return;
    for (const request of this.#requests) request.abort(reason);
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
