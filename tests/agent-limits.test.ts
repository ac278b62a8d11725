import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { openConnector } from '#agent/connectors/registry.ts';
import { settleConcurrency } from '#agent/limits/concurrency.ts';
import type { RunningAgent } from '#agent/main.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { CONNECTION, type Hub, openAgent, openHub, run } from './support/link-bench.ts';

/** What an agent on a real PostgreSQL does at once, and what it lets wait. */

let hub: Hub;
let agent: RunningAgent;
const sessions = new Set<string>();

beforeAll(async () => {
  hub = await openHub();
  const concurrency = settleConcurrency('postgres', { statements: 8, sessions: 10 });
  const settings = { ...parseDatabaseUrl(postgresUrl()), sessions: concurrency.sessions };
  agent = await openAgent(hub, await openConnector(settings), { concurrency });
  await agent.ready;
});
afterAll(async () => {
  await agent.stop();
  await hub.close();
});

const text = async (chunks: AsyncIterable<Buffer>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(chunks)).toString();

test('200 statements at once on a pool of 10: all end, none lost, none twice', async () => {
  const answers = Array.from({ length: 200 }, async (_, n) => {
    const sql = `SELECT ${n}, (SELECT sum(i) FROM generate_series(1, 20000) AS i), pg_catalog.pg_backend_pid()`;
    const row: unknown[] = JSON.parse(await text((await run(hub, sql)).chunks)).row;
    sessions.add(String(row[2]));
    return row[0];
  });
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  expect(sessions.size).toBeLessThanOrEqual(8);
});

test('look-ups are answered while statements take all they may and more wait', async () => {
  const abort = new AbortController();
  const endless =
    'SELECT count(*) FROM generate_series(1, 9999) AS a, generate_series(1, 9999) AS b, generate_series(1, 9999) AS c';
  const queries = Array.from({ length: 20 }, () => run(hub, endless, { timeoutMs: 60_000 }, abort.signal));
  const ended = Promise.allSettled(queries);
  await expect
    .poll(() => hub.sessions.session(CONNECTION)?.health, { timeout: 10_000 })
    .toMatchObject({
      ...{ running: 8, waiting: 12 },
    });
  const signal = AbortSignal.timeout(20_000);
  const { schema } = await hub.sessions.describe({ connectionId: CONNECTION, known: null, signal });
  expect(schema.dialect).toBe('postgres');
  await hub.sessions.findValues({ connectionId: CONNECTION, texts: ['x'], signal });
  abort.abort();
  expect((await ended).every(({ status }) => status === 'rejected')).toBe(true);
  await expect
    .poll(() => hub.sessions.session(CONNECTION)?.health, { timeout: 10_000 })
    .toMatchObject({
      ...{ running: 0, waiting: 0, error: null },
    });
  expect(await text((await run(hub, 'SELECT 5')).chunks)).toContain('[5]');
});
