import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { COUNT_S, type ThrottleStore } from './throttle.ts';

const CONNECT_MS = 2_000;
const COMMAND_MS = 1_000;
const KEY_CHARACTERS = 32;

/** Shared by all replicas. While Redis is away each replica counts by itself: nobody is let in uncounted. */
export async function redisStore(url: string, logger: Logger): Promise<ThrottleStore> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    ...{ connectTimeout: CONNECT_MS, commandTimeout: COMMAND_MS, maxRetriesPerRequest: 1 },
    ...{ enableOfflineQueue: false, lazyConnect: true },
  });
  client.on('error', (error) => logger.warn({ error }, 'Redis is not there; this replica counts tries by itself'));
  await client.connect().catch(() => undefined); // told by the event; it goes on trying
  const limiter = (keyPrefix: string, duration: number) =>
    new RateLimiterRedis({
      ...{ storeClient: client, keyPrefix: `custard:${keyPrefix}`, points: 1, duration },
      insuranceLimiter: new RateLimiterMemory({ keyPrefix, points: 1, duration }),
    });
  return {
    tries: limiter('tries', COUNT_S),
    gate: limiter('gate', 1),
    keyOf: (hash) => hash.slice(0, KEY_CHARACTERS),
    async close() {
      client.disconnect();
    },
  };
}
