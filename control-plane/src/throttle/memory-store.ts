import { BoundedCache } from '../bounded-cache.ts';
import { COUNT_S, type ThrottleStore } from './throttle.ts';

/** More keys than that push out those not used for longest: what strangers make up cannot fill the memory. */
const MAX_KEYS = 200_000;

interface Tries {
  count: number;
  /** On the clock of performance.now(). */
  readonly until: number;
}

/** For one server: counts are forgotten when it restarts. */
export function memoryStore(): ThrottleStore {
  const tries = new BoundedCache<Tries>({ limit: MAX_KEYS });
  const gates = new BoundedCache<number>({ limit: MAX_KEYS });
  const counted = (key: string): Tries => {
    const known = tries.get(key);
    if (known !== undefined && known.until > performance.now()) return known;
    const fresh = { count: 0, until: performance.now() + COUNT_S * 1000 };
    tries.set(key, fresh);
    return fresh;
  };
  return {
    async count(key) {
      const entry = counted(key);
      entry.count += 1;
      return entry.count;
    },
    async uncount(key) {
      const entry = counted(key);
      entry.count = Math.max(0, entry.count - 1);
    },
    async pass(key, delayS) {
      const waitMs = (gates.get(key) ?? 0) - performance.now();
      if (waitMs > 0) return waitMs;
      gates.set(key, performance.now() + delayS * 1000);
      return 0;
    },
    async forget(key) {
      tries.set(key, { count: 0, until: 0 });
      gates.set(key, 0);
    },
    close: () => Promise.resolve(),
  };
}
