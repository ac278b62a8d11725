import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isCustardError } from '#core/errors.ts';
import { freePort } from '../test-support/free-port.ts';
import { startRedis } from '../test-support/redis.ts';
import { until } from '../test-support/until.ts';
import { memoryStore } from './memory-store.ts';
import { redisStore } from './redis-store.ts';
import { Throttle, type ThrottleRule } from './throttle.ts';

const RULE: ThrottleRule = { name: 'test', free: 3, firstDelayS: 2, maxDelayS: 10 };
const quiet = pino({ level: 'silent' });

afterEach(() => {
  vi.useRealTimers();
});

/** What a try comes to: 0 when it may go on, else the seconds to wait. */
async function attempt(throttle: Throttle, subject = 'ada@example.com'): Promise<number> {
  try {
    await throttle.count(RULE, subject);
    return 0;
  } catch (error) {
    if (!isCustardError(error) || error.code !== 'RATE_LIMITED') throw error;
    return error.details.retryAfterS ?? -1;
  }
}

describe.each(['memory', 'Redis'] as const)('tries counted in %s', (kind) => {
  const open = async () => {
    if (kind === 'memory')
      return { throttle: new Throttle(memoryStore()), [Symbol.asyncDispose]: async () => undefined };
    const redis = await startRedis(await freePort());
    const throttle = new Throttle(await redisStore(redis.url, quiet));
    return {
      throttle,
      async [Symbol.asyncDispose]() {
        await throttle.close();
        await redis[Symbol.asyncDispose]();
      },
    };
  };

  it('are free at first, then each has to wait, and of a hundred at once none slips through', async () => {
    await using opened = await open();
    const tries = await Promise.all(Array.from({ length: 100 }, () => attempt(opened.throttle)));
    // Three are free, and the first that is not opens the waiting.
    expect(tries.filter((seconds) => seconds === 0)).toHaveLength(4);
    expect(Math.max(...tries)).toBe(2);
    expect(await attempt(opened.throttle, 'grace@example.com')).toBe(0);
  });

  it('are forgotten when one went well', async () => {
    await using opened = await open();
    for (let turn = 0; turn < 6; turn++) await attempt(opened.throttle);
    expect(await attempt(opened.throttle)).toBeGreaterThan(0);
    await opened.throttle.forget(RULE, 'ada@example.com');
    expect(await attempt(opened.throttle)).toBe(0);
  });
});

it('makes each wait twice as long as the one before, up to a limit', async () => {
  vi.useFakeTimers();
  const throttle = new Throttle(memoryStore());
  for (let turn = 0; turn < 4; turn++) await attempt(throttle);
  const waits = [];
  for (let turn = 0; turn < 5; turn++) {
    const seconds = await attempt(throttle);
    waits.push(seconds);
    // Asking again too early changes nothing.
    expect(await attempt(throttle)).toBe(seconds);
    vi.advanceTimersByTime(seconds * 1000);
    expect(await attempt(throttle)).toBe(0);
  }
  expect(waits).toEqual([2, 4, 8, 10, 10]);
});

it('goes on counting by itself while Redis is away, and is back with it', async () => {
  const port = await freePort();
  const redis = await startRedis(port);
  const throttle = new Throttle(await redisStore(redis.url, quiet));
  for (let turn = 0; turn < 5; turn++) await attempt(throttle);
  expect(await attempt(throttle)).toBeGreaterThan(0);
  await redis[Symbol.asyncDispose]();
  const alone = await Promise.all(Array.from({ length: 20 }, () => attempt(throttle)));
  expect(alone.filter((seconds) => seconds === 0)).toHaveLength(4);
  await using again = await startRedis(port);
  expect(again.url).toBe(redis.url);
  // The new Redis has counted nothing yet.
  await until('Redis is used again', async () => (await attempt(throttle)) === 0);
  await throttle.close();
});
