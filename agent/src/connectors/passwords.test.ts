import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { mariadbUrl } from '#core/testing/mariadb-url.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { databaseSettings } from '../database-settings.ts';
import { parseEnvironment } from '../env.ts';
import type { Connector } from './connector.ts';
import { startEmulator } from './mongodb/testing/emulator.ts';
import { Store } from './mongodb/testing/store.ts';
import { openConnector } from './registry.ts';
import { connectTo as connectToMariadb } from './testing/mysql-engines.ts';
import { connectTo as connectToPostgres } from './testing/postgres-engine.ts';

type Variables = Readonly<Record<string, string>>;

const folder = mkdtempSync(join(tmpdir(), 'custard-passwords-'));
const DB_PASSWORD_FILE = join(folder, 'password');
const signal = new AbortController().signal;
afterAll(() => rmSync(folder, { recursive: true }));

async function settings(environment: Variables) {
  const agent = { BACKEND_WEBSOCKET_URI: 'ws://localhost/{agent_id}', AGENT_ID: 'a' };
  return await databaseSettings(
    parseEnvironment({ ...agent, CUSTARD_API_KEY: `custard_${'x'.repeat(36)}`, ...environment }),
  );
}

async function ping(environment: Variables): Promise<void> {
  const connector = await openConnector(await settings(environment));
  await connector.ping({ signal }).finally(() => connector.close());
}

/** A user whose password can be changed, and what the agent's environment says of where it is. */
interface Login {
  readonly environment: Variables;
  /** Of the same, with the password in it as it is given. */
  url(password: string): string;
  change(password: string): Promise<void>;
  /** What is connected stays so after a change, until this. */
  disconnect(): Promise<void>;
  stop(): Promise<void>;
}

const role = () => `custard_p_${randomBytes(4).toString('hex')}`;

async function postgresLogin(): Promise<Login> {
  const admin = await connectToPostgres(postgresUrl());
  const user = role();
  await admin.query(`CREATE ROLE ${user} LOGIN`);
  const { hostname, port } = new URL(postgresUrl());
  return {
    environment: { DB_HOST: hostname, DB_PORT: port, DB_USER: user, DB_NAME: 'postgres' },
    url: (password) => `postgres://${user}:${password}@${hostname}:${port}/postgres`,
    change: async (password) => {
      await admin.query(`ALTER ROLE ${escapeIdentifier(user)} PASSWORD ${escapeLiteral(password)}`);
    },
    disconnect: async () => {
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [user]);
    },
    stop: async () => {
      await admin.query(`DROP ROLE ${user}`);
      await admin.end();
    },
  };
}

async function mariadbLogin(): Promise<Login> {
  const admin = await connectToMariadb(mariadbUrl());
  const user = role();
  await admin.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'x'`);
  const { hostname, port } = new URL(mariadbUrl().replace('mariadb:', 'http:'));
  const url = (password: string) => `mariadb://${user}:${password}@${hostname}:${port}/information_schema`;
  return {
    environment: { DB_URL: url('ignored'), DB_USER: user },
    url,
    change: async (password) => {
      await admin.query(`ALTER USER ${user}@'%' IDENTIFIED BY ?`, [password]);
    },
    disconnect: async () => {
      await admin.query(`KILL USER ${user}`);
    },
    stop: async () => {
      await admin.query(`DROP USER ${user}@'%'`);
      await admin.end();
    },
  };
}

async function mongodbLogin(): Promise<Login> {
  const users: Record<string, string> = { ana: 'x' };
  const emulator = await startEmulator(new Store(), { users });
  const url = (password: string) =>
    `mongodb://ana:${password}@127.0.0.1:${emulator.port}/shop?authMechanism=PLAIN&authSource=$external`;
  return {
    environment: { DB_URL: url('ignored') },
    url,
    change: async (password) => {
      users['ana'] = password;
    },
    disconnect: async () => emulator.dropConnections(),
    stop: () => emulator.stop(),
  };
}

const LOGINS = [
  ['PostgreSQL', postgresLogin],
  ['MariaDB', mariadbLogin],
  ["an emulator of MongoDB's wire protocol", mongodbLogin],
] as const;

const PASSWORDS = [
  'p@ss:w/o#r?d%20&=+',
  '100%',
  'Grüße 陳大文 🦆',
  ` inner space, 'single', "double" and \\back\\ `,
  '$(rm)`~^|<>[]{}!*;',
];

describe.each(LOGINS)('a password on %s', (_, start) => {
  it('is taken whatever is in it: from DB_PASSWORD, a file, or encoded in the URL', async () => {
    const login = await start();
    try {
      for (const password of PASSWORDS) {
        await login.change(password);
        await ping({ ...login.environment, DB_PASSWORD: password });
        writeFileSync(DB_PASSWORD_FILE, `${password}\n`);
        await ping({ ...login.environment, DB_PASSWORD_FILE });
        await ping({ DB_URL: login.url(encodeURIComponent(password)) });
        if (!password.includes('%')) await ping({ DB_URL: login.url(password) });
        const DB_URL_FILE = join(folder, 'url');
        writeFileSync(DB_URL_FILE, `${login.url(encodeURIComponent(password))}\r\n`);
        await ping({ DB_URL_FILE });
      }
    } finally {
      await login.stop();
    }
  });

  it('that changes in its file is used by the next connection, without a restart', async () => {
    const login = await start();
    let connector: Connector | undefined;
    try {
      await login.change('first');
      writeFileSync(DB_PASSWORD_FILE, 'first\n');
      connector = await openConnector(await settings({ ...login.environment, DB_PASSWORD_FILE }));
      await connector.ping({ signal });
      for (const password of ['second', 'third']) {
        await login.change(password);
        await login.disconnect();
        await expect(connector.ping({ signal })).rejects.toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
        writeFileSync(DB_PASSWORD_FILE, password);
        await connector.ping({ signal });
      }
      rmSync(DB_PASSWORD_FILE);
      await login.disconnect();
      const gone: unknown = await connector.ping({ signal }).catch((error: unknown) => error);
      expect(gone).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('DB_PASSWORD_FILE') });
    } finally {
      await connector?.close();
      await login.stop();
    }
  });
});

describe('a file with a password', () => {
  const DB_HOST = 'localhost';

  it.each([
    ['is missing', null, 'cannot be read (ENOENT)'],
    ['is empty', '', 'is empty'],
    ['holds a line break alone', '\n', 'is empty'],
    ['holds two lines', 's3cret\ns3cret\n', 'holds more than one line'],
    ['ends in two line breaks', 's3cret\n\n', 'holds more than one line'],
    ['is another file', 's3cret'.repeat(1_000), 'is larger than'],
  ])('that %s is told of at the start, without what is in it', async (_, text, message) => {
    if (text === null) rmSync(DB_PASSWORD_FILE, { force: true });
    else writeFileSync(DB_PASSWORD_FILE, text);
    const error: unknown = await settings({ DB_HOST, DB_PASSWORD_FILE }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) });
    expect(JSON.stringify([String(error), error])).not.toContain('s3cret');
  });

  it('that is a folder is told of at the start', async () => {
    await expect(settings({ DB_HOST, DB_PASSWORD_FILE: folder })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('EISDIR'),
    });
  });

  it('is not taken beside what it stands for', async () => {
    const both = [
      { DB_HOST, DB_PASSWORD: 's3cret', DB_PASSWORD_FILE },
      { DB_URL: 'postgres://localhost', DB_URL_FILE: '/nowhere' },
    ];
    for (const environment of both) {
      await expect(settings(environment)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/^DB_\w+ and DB_\w+_FILE are both set/),
      });
    }
  });
});
