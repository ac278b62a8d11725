import { createBackoff } from '#core/backoff.ts';
import { type CustardError, isCustardError } from '#core/errors.ts';
import { pause } from '#core/pause.ts';

interface UntilReachableOptions {
  readonly signal: AbortSignal;
  readonly onWait: (error: CustardError, retryInMs: number) => void;
}

const RETRY_BOUND_MS = 10_000;

/**
 * Does the work, again and again while the database cannot be reached: where containers start together, it may
 * come after its agent. Any other error, a wrong password for one, is thrown at once.
 */
export async function untilReachable<T>(work: () => Promise<T>, { signal, onWait }: UntilReachableOptions): Promise<T> {
  const backoff = createBackoff({ firstBoundMs: 1_000, lastBoundMs: RETRY_BOUND_MS });
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isCustardError(error) || error.code !== 'DATABASE_UNREACHABLE' || signal.aborted) throw error;
      const retryInMs = backoff.next();
      onWait(error, retryInMs);
      await pause(retryInMs, signal);
      signal.throwIfAborted();
    }
  }
}
