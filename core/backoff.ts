/**
 * How long to wait before the next attempt: full jitter (a random time up to a bound that doubles),
 * so that a thousand agents do not come back in step after a deploy. The bound falls back only
 * after a connection that stayed healthy for a while, so that a server which accepts and
 * drops at once is not hammered.
 * Source: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 */
export interface Backoff {
  /** Milliseconds to wait now; each call raises the bound. */
  next(): number;
  /** To be told how long the last connection lived. */
  lived(milliseconds: number): void;
}

interface BackoffOptions {
  readonly firstBoundMs?: number;
  readonly lastBoundMs?: number;
  readonly healthyAfterMs?: number;
  readonly random?: () => number;
}

export function createBackoff({
  firstBoundMs = 500,
  lastBoundMs = 30_000,
  healthyAfterMs = 60_000,
  random = Math.random,
}: BackoffOptions = {}): Backoff {
  let bound = firstBoundMs;
  return {
    next() {
      const wait = Math.floor(random() * bound);
      bound = Math.min(bound * 2, lastBoundMs);
      return wait;
    },
    lived(milliseconds) {
      if (milliseconds >= healthyAfterMs) bound = firstBoundMs;
    },
  };
}
