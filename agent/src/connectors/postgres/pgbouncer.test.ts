import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../connector.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import type { PostgresSettings } from '../settings.ts';
import { collect } from '../testing/collect.ts';
import type { Fixture } from '../testing/engine.ts';
import { connectTo, fromScripts, pgbouncerEngine } from '../testing/postgres-engine.ts';
import { until } from '../testing/until.ts';

/** scripts/servers/pgbouncer.sh has these for the tests. */
const SESSION_MODE = 'custard_session';
const STATEMENT_MODE = 'custard_statement';
const ONE_CONNECTION = 'custard_narrow';
const NO_SERVER = 'custard_down';

let fixture: Fixture;
let server: Client;
let settings: PostgresSettings;

beforeAll(async () => {
  fixture = await pgbouncerEngine.start();
  const parsed = parseDatabaseUrl(fixture.url);
  if (parsed.dialect !== 'postgres') throw new Error('No PostgreSQL URL.');
  settings = parsed;
  server = await connectTo(fromScripts('CUSTARD_TEST_POSTGRES_URL'));
});
afterAll(async () => {
  await server.end();
  await fixture.stop();
});

async function through<T>(changes: Partial<PostgresSettings>, use: (connector: Connector) => Promise<T>): Promise<T> {
  const connector = await openConnector({ ...settings, ...changes });
  try {
    return await use(connector);
  } finally {
    await connector.close();
  }
}

const one = async (connector: Connector, sql: string) => (await collect(connector, sql)).data[0]?.[0];
const selecting = (changes: Partial<PostgresSettings>) => through(changes, (connector) => one(connector, 'SELECT 1'));

/** Of PgBouncer's connections to the server: those in a transaction, which nobody but a statement at work may have. */
async function inTransaction(): Promise<number> {
  const { rows } = await server.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1 AND xact_start IS NOT NULL',
    [settings.database],
  );
  return rows[0]?.n ?? 0;
}

/** The server's processes for our database. */
async function processes(): Promise<number[]> {
  const { rows } = await server.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE datname = $1', [
    settings.database,
  ]);
  return rows.map(({ pid }) => pid);
}

describe('PgBouncer in transaction mode', () => {
  it('leaves nothing of a statement to the next client of the connection, whatever became of it', async () => {
    const other = await connectTo(fixture.url);
    const look = async () => {
      const names = [
        'statement_timeout',
        'idle_in_transaction_session_timeout',
        'transaction_read_only',
        'search_path',
      ];
      const { rows } = await other.query(`SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`)}`);
      return rows;
    };
    try {
      const before = await look();
      await through({ searchPath: 'pg_catalog' }, async (connector) => {
        expect(await one(connector, "SELECT current_setting('search_path')")).toBe('pg_catalog');
        await expect(collect(connector, 'SELECT 1 / 0')).rejects.toMatchObject({ code: 'QUERY_FAILED' });
        const used = await processes();
        const late = collect(connector, fixture.endless, { limits: { timeoutMs: 100 } });
        await expect(late).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
        const abort = new AbortController();
        const aborted = collect(connector, fixture.endless, { signal: abort.signal });
        await until(async () => (await fixture.running()) > 0, 5_000);
        abort.abort();
        await expect(aborted).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
        await until(async () => (await inTransaction()) === 0, 1_000);
        // Ended by a request, not by cutting: PgBouncer would have thrown its connection away.
        expect(await processes()).toEqual(expect.arrayContaining(used));
        for (let turn = 0; turn < 5; turn++) expect(await look()).toEqual(before);
        await other.query('CREATE TABLE written (a int); DROP TABLE written');
      });
    } finally {
      await other.end();
    }
  });

  it('cancels the statement that is meant and no other', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    await through({}, async (connector) => {
      const long = collect(connector, `${fixture.endless} AND 1 = 1`, { signal: first.signal });
      const longer = collect(connector, `${fixture.endless} AND 2 = 2`, { signal: second.signal });
      const outcomes = [long, longer].map((outcome) =>
        expect(outcome).rejects.toMatchObject({ code: 'QUERY_CANCELED' }),
      );
      await until(async () => (await fixture.running()) === 2, 5_000);
      first.abort();
      await outcomes[0];
      expect(await fixture.running()).toBe(1);
      second.abort();
      await outcomes[1];
      await until(async () => (await fixture.running()) === 0, 1_000);
    });
  });

  it('is never hit by the cancel request of the statement before', async () => {
    await through({}, async (connector) => {
      for (let turn = 0; turn < 20; turn++) {
        const abort = new AbortController();
        const canceled = collect(connector, 'SELECT pg_sleep(0.003)', { signal: abort.signal }).catch(() => undefined);
        for (let wait = 0; wait < turn; wait++) await new Promise(setImmediate);
        abort.abort();
        await canceled;
        expect((await collect(connector, 'SELECT 1 FROM pg_sleep(0.001)')).rows).toBe(1);
      }
    });
  });

  it('takes a search path, which PgBouncer refuses as an option, and says of other options that it does', async () => {
    const url = (options: string) => `${fixture.url}?options=${encodeURIComponent(options)}`;
    const connector = await openConnector(parseDatabaseUrl(url('-c search_path=pg_temp,public')));
    expect(await one(connector, "SELECT current_setting('search_path')")).toBe('pg_temp,public');
    await connector.close();
    await expect(selecting({ options: '-c work_mem=1MB' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('Take options= out of the URL'),
    });
  });

  it('tells what is wrong, at the pooler or behind it', async () => {
    await expect(selecting({ user: 'custard_nobody' })).rejects.toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
    await expect(selecting({ password: 's3cret' })).rejects.toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
    await expect(selecting({ database: 'custard_nowhere' })).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
    await expect(selecting({ database: NO_SERVER })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('The pooler '),
      hint: expect.stringMatching(/server (?:behind the pooler )?is up/),
    });
  });

  it('says that it waited for a connection, and goes on once there is one', async () => {
    await through({ database: ONE_CONNECTION }, async (connector) => {
      const abort = new AbortController();
      const long = collect(connector, 'SELECT pg_sleep(30)', { signal: abort.signal }).catch(() => undefined);
      const held = () =>
        server.query("SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(30)%' AND state = 'active'");
      await until(async () => ((await held()).rowCount ?? 0) > 0, 5_000);
      await expect(one(connector, 'SELECT 1')).rejects.toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        message: expect.stringContaining('query_wait_timeout'),
        hint: expect.stringContaining('default_pool_size'),
      });
      abort.abort();
      await long;
      expect(await one(connector, 'SELECT 1')).toBe(1);
    });
  });
});

describe('PgBouncer in its other modes', () => {
  it('session: is used like a server', async () => {
    await through({ database: SESSION_MODE }, async (connector) => {
      expect(await one(connector, "SELECT current_setting('transaction_read_only')")).toBe('on');
      await expect(
        collect(connector, 'SELECT pg_sleep(30)', { signal: AbortSignal.timeout(100) }),
      ).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
      expect((await collect(connector, fixture.series(10_000))).rows).toBe(10_000);
    });
  });

  it('statement: is refused, as nothing is read-only there, with what to set', async () => {
    await expect(selecting({ database: STATEMENT_MODE })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('statement mode'),
      hint: expect.stringContaining('pool_mode = transaction'),
    });
  });
});
