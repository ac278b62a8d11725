import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { memoryStore } from './memory-store.ts';
import { COUNT_S, type ThrottleStore } from './throttle.ts';

const CONNECT_MS = 2_000;
const COMMAND_MS = 1_000;

/** Shared by all servers. While Redis is away each of them counts by itself: nobody is let in uncounted. */
export async function redisStore(url: string, logger: Logger): Promise<ThrottleStore> {
  const client = await connect(url, logger);
  const limiter = (keyPrefix: string, duration: number) =>
    new RateLimiterRedis({ storeClient: client, keyPrefix: `custard:${keyPrefix}`, points: 1, duration });
  const [tries, gate, alone] = [limiter('tries', COUNT_S), limiter('gate', 1), memoryStore()];
  return {
    count: (key) =>
      either(
        async () => (await tries.penalty(key, 1)).consumedPoints,
        () => alone.count(key),
      ),
    uncount: (key) =>
      either(
        async () => void (await tries.reward(key, 1)),
        () => alone.uncount(key),
      ),
    pass: (key, delayS) =>
      either(
        () => passGate(gate, key, delayS),
        () => alone.pass(key, delayS),
      ),
    forget: (key) =>
      either(
        async () => void (await Promise.all([tries.delete(key), gate.delete(key)])),
        () => alone.forget(key),
      ),
    async close() {
      client.disconnect();
    },
  };
}

async function connect(url: string, logger: Logger): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  const client = new Client(url, {
    ...{ connectTimeout: CONNECT_MS, commandTimeout: COMMAND_MS, maxRetriesPerRequest: 1 },
    ...{ enableOfflineQueue: false, lazyConnect: true },
  });
  client.on('error', (error) => logger.warn({ error }, 'Redis is not there; this server counts tries by itself'));
  await client.connect().catch(() => undefined); // told by the event; it goes on trying
  return client;
}

async function either<T>(shared: () => Promise<T>, own: () => Promise<T>): Promise<T> {
  try {
    return await shared();
  } catch {
    return await own(); // said by the client's event, once, not by every request
  }
}

async function passGate(gate: RateLimiterRedis, key: string, delayS: number): Promise<number> {
  try {
    await gate.consume(key, 1, { customDuration: delayS });
    return 0;
  } catch (error) {
    if (error instanceof RateLimiterRes) return Math.max(1, error.msBeforeNext);
    throw error;
  }
}
