import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../connector.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import type { PostgresSettings } from '../settings.ts';
import { collect } from '../testing/collect.ts';
import type { Fixture } from '../testing/engine.ts';
import { connectTo, postgresEngine } from '../testing/postgres-engine.ts';
import { startProxy } from '../testing/proxy.ts';
import { ReadOnlySession } from '../testing/read-only-session.ts';
import { selfSigned } from '../testing/self-signed.ts';
import { until } from '../testing/until.ts';

const never = new AbortController().signal;

let fixture: Fixture;
let admin: Client;
let settings: PostgresSettings;

beforeAll(async () => {
  fixture = await postgresEngine.start();
  admin = await connectTo(fixture.url);
  const parsed = parseDatabaseUrl(fixture.url);
  if (parsed.dialect !== 'postgres') throw new Error('No PostgreSQL URL.');
  settings = parsed;
});
afterAll(async () => {
  await admin.end();
  await fixture.stop();
});

/** Server processes of connectors on our database, all or those that wait for this event. */
const sessions = async (waitEvent = '%'): Promise<number[]> => {
  const query = `SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'custard' AND wait_event LIKE $1`;
  return (await admin.query<{ pid: number }>(query, [waitEvent])).rows.map(({ pid }) => pid);
};

async function withConnector<T>(
  changes: Partial<PostgresSettings>,
  use: (connector: Connector) => Promise<T>,
): Promise<T> {
  const connector = await openConnector({ ...settings, ...changes });
  try {
    return await use(connector);
  } finally {
    await connector.close();
  }
}

const pinging = (changes: Partial<PostgresSettings>) =>
  withConnector(changes, (connector) => connector.ping({ signal: never }));

describe('a session', () => {
  it('keeps nothing of what a statement sets', async () => {
    await using session = new ReadOnlySession(settings);
    const look = async () => {
      const names = ['work_mem', 'default_transaction_read_only'];
      const columns = names.map((name) => `current_setting('${name}') AS ${name}`);
      const [row] = await session.run(`SELECT pg_backend_pid() AS pid, ${columns.join(', ')}`);
      return ['pid', ...names].map((name) => row?.text(name));
    };
    const before = await look();
    await session.run("SET work_mem = '3MB'");
    await session.run('SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE');
    await session.run("SELECT set_config('work_mem', '4MB', false)");
    expect(await look()).toEqual(before);
  });

  it('is read-only again after a statement that ends the transaction itself', async () => {
    await using session = new ReadOnlySession(settings);
    for (const sql of ['COMMIT', 'ROLLBACK', 'COMMIT AND CHAIN', 'BEGIN']) await session.run(sql);
    const [row] = await session.run("SELECT current_setting('transaction_read_only') AS mode");
    expect(row?.text('mode')).toBe('on');
  });

  it('is never given what does not begin as a query, whatever stands before its first word', async () => {
    await withConnector({}, async (connector) => {
      const begins = [
        'SELECT 1',
        'with q as (select 1) table q',
        'VALUES (1)',
        'TABLE customer',
        'SHOW server_version',
      ];
      for (const sql of [...begins, 'EXPLAIN SELECT 1']) {
        for (const before of ['', ' \t\r\n\f;', '-- ANALYZE\n', '/* /* */ ; */', '/*/ x */']) {
          expect((await collect(connector, before + sql)).rows, before + sql).toBeGreaterThan(0);
        }
      }
      expect((await collect(connector, '((SELECT 1))')).rows).toBe(1);
      const others = [
        'ANALYZE',
        'checkpoint',
        'COPY (SELECT 1) TO STDOUT',
        'PREPARE p AS SELECT 1',
        'DO $$BEGIN END$$',
      ];
      for (const sql of [
        ...others,
        'selector',
        'select$1',
        'selecté',
        '',
        '/* open SELECT 1',
        '\ufeffSELECT 1',
        '"select" 1',
      ]) {
        const outcome = collect(connector, `/**/ ${sql}`);
        await expect(outcome, sql).rejects.toMatchObject({ code: 'NOT_READ_ONLY' });
      }
    });
  });

  it('is never hit by the cancel request of the statement before', async () => {
    await withConnector({}, async (connector) => {
      for (let turn = 0; turn < 40; turn++) {
        const abort = new AbortController();
        const canceled = collect(connector, 'SELECT pg_sleep(0.003)', { signal: abort.signal }).catch(() => undefined);
        for (let wait = 0; wait < turn; wait++) await new Promise(setImmediate);
        abort.abort();
        await canceled;
        expect((await collect(connector, 'SELECT 1 FROM pg_sleep(0.001)')).rows).toBe(1);
      }
    });
  });

  it('is kept when the server loses a cancel request, as while it compiles a costly statement', async () => {
    await withConnector({}, async (connector) => {
      const pid = async () => (await collect(connector, 'SELECT pg_backend_pid()')).data;
      const before = await pid();
      const costly = 'SELECT count(*) FROM generate_series(1, 10000000) a, generate_series(1, 10000000) b';
      for (let milliseconds = 0; milliseconds <= 30; milliseconds += 5) {
        // Not to wait for something: each turn meets the server at another point of the compiling.
        const signal = AbortSignal.timeout(milliseconds);
        await expect(collect(connector, costly, { signal })).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
      }
      expect(await pid()).toEqual(before);
    });
  });

  it('is replaced without a word when the server ended it while it was idle', async () => {
    await withConnector({}, async (connector) => {
      await Promise.all([1, 2, 3].map(() => collect(connector, 'SELECT pg_sleep(0.05)')));
      for (const pid of await sessions()) await admin.query('SELECT pg_terminate_backend($1)', [pid]);
      expect((await collect(connector, 'SELECT 1')).rows).toBe(1);
    });
  });

  it('that the server ends in mid-query fails with DATABASE_UNREACHABLE, and the next query works', async () => {
    await withConnector({}, async (connector) => {
      const outcome = expect(collect(connector, 'SELECT pg_sleep(30)')).rejects.toMatchObject({
        code: 'DATABASE_UNREACHABLE',
      });
      await until(async () => (await sessions('PgSleep')).length > 0, 5_000);
      for (const pid of await sessions('PgSleep')) await admin.query('SELECT pg_terminate_backend($1)', [pid]);
      await outcome;
      expect((await collect(connector, 'SELECT 1')).rows).toBe(1);
    });
  });

  it('gives the same rows however the network splits them, and says when it breaks', async () => {
    let turn = 0;
    const pieces = () => {
      turn = (turn * 7 + 3) % 101;
      return turn + 1;
    };
    const proxy = await startProxy({ target: settings, pieces });
    try {
      await withConnector({ host: 'localhost', port: proxy.port, sslmode: 'disable' }, async (connector) => {
        const sql = "SELECT n, repeat('é\"', n % 50), n % 3 = 0, NULLIF(n % 7, 0) FROM generate_series(1, 3000) n";
        expect((await collect(connector, sql)).data).toEqual((await collect(fixture.connector, sql)).data);
      });
      await withConnector({ host: 'localhost', port: proxy.port, sslmode: 'disable' }, async (connector) => {
        const cutOff = expect(collect(connector, 'SELECT pg_sleep(30)')).rejects.toMatchObject({
          code: 'DATABASE_UNREACHABLE',
        });
        await until(async () => (await fixture.running()) > 0, 5_000);
        proxy.cut();
        await cutOff;
        expect((await collect(connector, 'SELECT 1')).rows).toBe(1);
      });
    } finally {
      proxy.close();
    }
  });
});

describe('a database that does not know its encoding', () => {
  it('gives UTF-8, or an error that says why not', async () => {
    const database = `${settings.database}_ascii`;
    await admin.query(
      `CREATE DATABASE ${database} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    try {
      await withConnector({ database }, async (connector) => {
        expect((await collect(connector, "SELECT 'ü'")).data).toEqual([['ü']]);
        const latin1 = collect(connector, "SELECT convert_from('\\x47fc22', 'SQL_ASCII')");
        await expect(latin1).rejects.toMatchObject({
          code: 'QUERY_FAILED',
          hint: expect.stringContaining('convert_from'),
        });
      });
    } finally {
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    }
  });
});

describe('connecting', () => {
  it('tells what is wrong', async () => {
    await expect(pinging({ port: 1 })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      details: { engineCode: 'ECONNREFUSED' },
    });
    await expect(pinging({ host: 'nowhere.invalid' })).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    await expect(pinging({ host: '/nowhere' })).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    await expect(pinging({ database: 'custard_nowhere' })).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
    await expect(pinging({ user: 'custard_nobody' })).rejects.toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
  });

  it('tells a wrong password from a missing one, and repeats neither', async () => {
    const server = await startServer([...PASSWORD_REQUEST, ...errorResponse('28P01')]);
    try {
      const address = { host: 'localhost', port: portOf(server), sslmode: 'disable' } as const;
      const { password: _, ...without } = settings;
      const missing = await openConnector({ ...without, ...address });
      await expect(missing.ping({ signal: never })).rejects.toMatchObject({
        code: 'DATABASE_AUTH_FAILED',
        hint: expect.stringContaining('DB_PASSWORD'),
      });
      const wrong = await pinging({ ...address, password: 's3cret' }).catch((error: unknown) => error);
      expect(wrong).toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
      expect(JSON.stringify([String(wrong), wrong])).not.toContain('s3cret');
    } finally {
      server.close();
    }
  });

  it('does not hang on a server that says nothing, nor on one that speaks something else', async () => {
    const silent = await startServer([]);
    const other = await startServer([...Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]);
    try {
      const abort = new AbortController();
      await withConnector({ host: 'localhost', port: portOf(silent) }, async (connector) => {
        const waiting = expect(connector.ping({ signal: abort.signal })).rejects.toMatchObject({
          code: 'QUERY_CANCELED',
        });
        abort.abort();
        await waiting;
      });
      await expect(pinging({ host: 'localhost', port: portOf(other), sslmode: 'require' })).rejects.toMatchObject({
        code: 'DATABASE_UNREACHABLE',
      });
    } finally {
      silent.close();
      other.close();
    }
  });
});

describe('TLS', () => {
  it('is used and checked as sslmode says, for queries and for cancel requests', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'custard-tls-'));
    const tls = selfSigned();
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, tls.cert);
    const proxy = await startProxy({ target: settings, tls });
    const secure = { host: 'localhost', port: proxy.port };
    try {
      for (const sslmode of ['prefer', 'require'] as const) await pinging({ ...secure, sslmode });
      for (const sslmode of ['require', 'verify-ca', 'verify-full'] as const)
        await pinging({ ...secure, sslmode, caFile });
      const certificate = { code: 'DATABASE_UNREACHABLE', hint: expect.stringContaining('sslrootcert') };
      for (const sslmode of ['verify-ca', 'verify-full'] as const) {
        await expect(pinging({ ...secure, sslmode })).rejects.toMatchObject(certificate);
      }
      // The certificate is made out to localhost.
      await pinging({ host: '127.0.0.1', port: proxy.port, sslmode: 'verify-ca', caFile });
      await expect(
        pinging({ host: '127.0.0.1', port: proxy.port, sslmode: 'verify-full', caFile }),
      ).rejects.toMatchObject({ ...certificate, hint: expect.stringContaining('verify-ca') });

      await withConnector({ ...secure, sslmode: 'verify-full', caFile }, async (connector) => {
        expect((await collect(connector, fixture.series(100_000))).rows).toBe(100_000);
        const before = proxy.encrypted();
        const abort = new AbortController();
        const outcome = expect(collect(connector, fixture.endless, { signal: abort.signal })).rejects.toMatchObject({
          code: 'QUERY_CANCELED',
        });
        await until(async () => (await fixture.running()) > 0, 5_000);
        abort.abort();
        await outcome;
        await until(async () => (await fixture.running()) === 0, 1_000);
        // At least one: it is asked again where the server loses the first.
        expect(proxy.encrypted()).toBeGreaterThan(before);
      });
    } finally {
      proxy.close();
      await rm(folder, { recursive: true });
    }
  });

  it('is done without by `prefer` only, where the server has none', async () => {
    await pinging({ sslmode: 'prefer' });
    await pinging({ sslmode: 'disable' });
    await expect(pinging({ sslmode: 'require' })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('the server has no TLS'),
      hint: expect.stringContaining('DB_SSLMODE'),
    });
  });
});

/** AuthenticationCleartextPassword. */
const PASSWORD_REQUEST = [0x52, 0, 0, 0, 8, 0, 0, 0, 3];

function errorResponse(code: string): number[] {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mpassword authentication failed\0\0`);
  return [0x45, 0, 0, 0, body.length + 4, ...body];
}

/** Answers whatever comes first with the same bytes; the first nine, then the rest at the next read. */
async function startServer(answer: readonly number[]): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.from(answer.slice(0, PASSWORD_REQUEST.length)));
      socket.once('data', () => socket.end(Buffer.from(answer.slice(PASSWORD_REQUEST.length))));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
