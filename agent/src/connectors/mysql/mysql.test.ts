import { createServer } from 'node:net';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hostile, sharedLines } from '#core/guard/testing/corpora.ts';
import type { Connector } from '../connector.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import type { MysqlSettings } from '../settings.ts';
import { collect } from '../testing/collect.ts';
import type { Fixture } from '../testing/engine.ts';
import { connectTo, mariadbEngine } from '../testing/mysql-engines.ts';
import { startProxy } from '../testing/proxy.ts';
import { until } from '../testing/until.ts';
import { openMysql } from './mysql.ts';

const never = new AbortController().signal;

let fixture: Fixture;
let admin: Connection;
let settings: MysqlSettings;

beforeAll(async () => {
  fixture = await mariadbEngine.start();
  admin = await connectTo(fixture.url);
  const parsed = parseDatabaseUrl(fixture.url);
  if (parsed.dialect !== 'mariadb') throw new Error('No MariaDB URL.');
  settings = parsed;
});
afterAll(async () => {
  await admin.end();
  await fixture.stop();
});

async function withConnector<T>(
  changes: Partial<MysqlSettings>,
  use: (connector: Connector) => Promise<T>,
): Promise<T> {
  const connector = await openMysql({ ...settings, ...changes });
  try {
    return await use(connector);
  } finally {
    await connector.close();
  }
}

const pinging = (changes: Partial<MysqlSettings>) =>
  withConnector(changes, (connector) => connector.ping({ signal: never }));

async function rows(sql: string, values: readonly unknown[] = []): Promise<RowDataPacket[]> {
  const [found] = await admin.query<RowDataPacket[]>(sql, [...values]);
  return found;
}

const ofUser = 'SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID()';

describe('a session', () => {
  it('keeps nothing of what a statement leaves in it', async () => {
    await withConnector({}, async (connector) => {
      const look = "SELECT @@sql_mode, @@tx_read_only, @@max_statement_time, @x, IS_USED_LOCK('custard'), DATABASE()";
      const before = await collect(connector, look);
      for (const sql of [
        "SET sql_mode = 'ANSI_QUOTES'",
        'SET SESSION TRANSACTION READ WRITE',
        'SET max_statement_time = 0, @x = 1',
        "SELECT GET_LOCK('custard', 0)",
        'COMMIT',
        'BEGIN',
        'USE mysql',
      ]) {
        await collect(connector, sql);
      }
      const after = await collect(connector, look);
      expect(after.data).toEqual(before.data);
      expect(before.data[0]?.at(-1)).toBe(settings.database);
      const writing = collect(connector, 'INSERT INTO `order` VALUES (9, 1, 1, NULL)');
      await expect(writing).rejects.toMatchObject({ code: 'NOT_READ_ONLY' });
    });
  });

  it('reads texts as the guard does, and moments in UTC', async () => {
    const { data } = await collect(fixture.connector, `SELECT "a", 'b\\'c', LENGTH ('ü'), @@time_zone`);
    expect(data).toEqual([['a', "b'c", 2, '+00:00']]);
  });

  it.each([
    "SELECT extractvalue(1, concat(char(126), 'hunter2'))",
    "SELECT 'hunter2' FRO customer",
    "SELECT 18446744073709551615 + length('hunter2')",
    `SELECT nothing('hunter2')`,
  ])('repeats no value of a statement in an error: %s', async (sql) => {
    const error: unknown = await collect(fixture.connector, sql).catch((caught: unknown) => caught);
    expect(error).toHaveProperty('code');
    expect(JSON.stringify([String(error), error])).not.toContain('hunter2');
  });

  it('gives long groups whole', async () => {
    const { data } = await collect(fixture.connector, 'SELECT GROUP_CONCAT(seq) FROM seq_1_to_5000');
    expect(String(data[0]?.[0])).toHaveLength(23_892);
  });

  it('has one statement at a time, and gives no file of this machine', async () => {
    for (const sql of ['SELECT 1; DROP TABLE customer', "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE `order`"]) {
      await expect(collect(fixture.connector, sql), sql).rejects.toMatchObject({ code: expect.stringMatching(/./) });
    }
    expect((await collect(fixture.connector, 'SELECT 1 FROM customer')).rows).toBe(3);
  });

  it('is opened anew when the server has ended it', async () => {
    await withConnector({}, async (connector) => {
      await connector.ping({ signal: never });
      const own = await collect(connector, 'SELECT CONNECTION_ID()');
      await admin.query(`KILL CONNECTION ${String(own.data[0]?.[0])}`);
      expect((await collect(connector, 'SELECT 1')).data).toEqual([[1]]);
    });
  });

  it('leaves no connection behind when the connector is closed', async () => {
    const before = (await rows(ofUser, [settings.database])).length;
    await withConnector({}, async (connector) => {
      await Promise.all(Array.from({ length: 5 }, () => collect(connector, 'SELECT 1')));
    });
    await until(async () => (await rows(ofUser, [settings.database])).length <= before, 2_000);
  });

  it('understands packets however the network cuts them', async () => {
    let cut = 0;
    const proxy = await startProxy({
      target: { host: settings.host, port: settings.port },
      pieces: () => (cut++ < 2_000 ? 1 + (cut % 7) : 1_500 + cut),
    });
    try {
      await withConnector({ host: 'localhost', port: proxy.port }, async (connector) => {
        const { data } = await collect(connector, fixture.series(300, 900));
        expect(data.map(([n]) => Number(n))).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
        expect((await collect(connector, await fixture.wideText(1_000_000))).data).toEqual([['ü'.repeat(1_000_000)]]);
        proxy.cut();
        expect((await collect(connector, 'SELECT 1')).data).toEqual([[1]]);
      });
    } finally {
      proxy.close();
    }
  });

  it('takes rows of more than one packet', async () => {
    const { data } = await collect(fixture.connector, "SELECT 'a', REPEAT('x', 8300000), REPEAT('y', 8300000), 'b'");
    expect(data[0]?.map((cell) => String(cell).length)).toEqual([1, 8_300_000, 8_300_000, 1]);
  });
});

describe('connecting', () => {
  it('says what is wrong', async () => {
    await expect(pinging({ password: 'wrong' })).rejects.toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
    await expect(pinging({ database: 'no_such_database' })).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
    await expect(pinging({ port: 1 })).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    await expect(pinging({ host: '/no/such.socket' })).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    await expect(pinging({ sslmode: 'require' })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('no TLS'),
    });
    await expect(pinging({ sslmode: 'verify-full' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('gives up on a server that says nothing of the protocol', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await expect(pinging({ port })).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    } finally {
      server.close();
    }
  });

  it('tells which of the two the server is, whatever the URL calls it', async () => {
    const parsed = parseDatabaseUrl(fixture.url.replace('mariadb:', 'mysql:'));
    const connector = await openConnector(parsed);
    try {
      expect(connector.dialect).toBe('mysql');
      await connector.ping({ signal: never });
      expect(connector.dialect).toBe('mariadb');
    } finally {
      await connector.close();
    }
  });
});

describe('with the guard taken away', () => {
  const STATE = [
    'CHECKSUM TABLE customer, `order`, typed, mysql.global_priv, mysql.db, mysql.tables_priv, mysql.columns_priv, mysql.func, mysql.plugin, mysql.proc, mysql.event, mysql.servers',
    `SELECT table_schema, table_name, create_time FROM information_schema.tables
     WHERE table_schema NOT IN ('information_schema', 'performance_schema') AND table_schema NOT REGEXP '^(guard|custard_connector)_' OR table_schema = DATABASE()
     ORDER BY 1, 2`,
  ];
  const state = async () => JSON.stringify(await Promise.all(STATE.map((sql) => rows(sql))));

  it('hostile statements change no data', { timeout: 120_000 }, async () => {
    await admin.query(
      'CREATE TABLE t (a int, b varchar(20), id int); CREATE TABLE secret LIKE t; INSERT INTO t VALUES (1, "x", 1)',
    );
    await withConnector({}, async (connector) => {
      const before = await state();
      const statements = ['mariadb', 'mysql'].flatMap((name) => sharedLines(`corpora/hostile/${name}.jsonl`, Hostile));
      // It would end the server, or other tests' statements: that a read-only mode does not stop it is known.
      const harmless = statements.filter(({ sql }) => !/\b(?:SHUTDOWN|KILL|GLOBAL|PERSIST|FLUSH|RESET)\b/i.test(sql));
      for (const { sql } of harmless) {
        await collect(connector, sql, { limits: { timeoutMs: 300, rows: 1_000 } }).catch(() => undefined);
      }
      expect(await state()).toEqual(before);
      expect((await collect(connector, 'SELECT 1 FROM customer')).rows).toBe(3);
    });
  });

  it('a state that changes is seen', async () => {
    const before = await state();
    await admin.query('CREATE TABLE seen (a int)');
    expect(await state()).not.toEqual(before);
    await admin.query('DROP TABLE seen');
  });
});
