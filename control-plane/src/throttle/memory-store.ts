import { RateLimiterMemory } from 'rate-limiter-flexible';
import { COUNT_S, type ThrottleStore } from './throttle.ts';

/**
 * 2^20 keys at most, so that addresses made up by an attacker cannot fill the memory. Two subjects share a key with
 * a chance of one in a million, and then share their limits.
 */
const KEY_CHARACTERS = 5;

export function memoryStore(): ThrottleStore {
  return {
    tries: new RateLimiterMemory({ keyPrefix: 'tries', points: 1, duration: COUNT_S }),
    gate: new RateLimiterMemory({ keyPrefix: 'gate', points: 1, duration: 1 }),
    keyOf: (hash) => hash.slice(0, KEY_CHARACTERS),
    close: () => Promise.resolve(),
  };
}
