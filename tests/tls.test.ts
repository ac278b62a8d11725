import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnector } from '#agent/connectors/registry.ts';
import { certificateAuthority } from '#agent/connectors/testing/self-signed.ts';
import { until } from '#agent/connectors/testing/until.ts';
import { databaseSettings } from '#agent/database-settings.ts';
import { parseEnvironment } from '#agent/env.ts';
import { OwnMariadb } from './support/own-mariadb.ts';
import { noOwnPostgres, OwnPostgres } from './support/own-postgres.ts';

type Variables = Readonly<Record<string, string>>;

const folder = mkdtempSync(join(tmpdir(), 'custard-tls-'));
const authority = certificateAuthority();
const strangers = certificateAuthority('Somebody else');
const server = authority.issue({ name: 'localhost' });
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const encrypted = (key: string): string =>
  createPrivateKey(key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 's3cret' })
    .toString();

const CA = file('ca.pem', authority.cert);
const OTHER_CA = file('other-ca.pem', strangers.cert);
const NO_PEM = file('no.pem', 'not a certificate');
const client = pair('client', authority.issue({ name: 'certified' }));
const foreign = pair('foreign', strangers.issue({ name: 'certified' }));
const expired = pair('expired', authority.issue({ name: 'certified', isExpired: true }));

function pair(name: string, { cert, key }: { readonly cert: string; readonly key: string }) {
  return { DB_SSLCERT: file(`${name}.pem`, cert), DB_SSLKEY: file(`${name}.key`, key) };
}

afterAll(() => rmSync(folder, { recursive: true }));

/** As an agent with this environment would. */
async function ping(environment: Variables): Promise<string> {
  const agent = { BACKEND_WEBSOCKET_URI: 'ws://localhost/{agent_id}', AGENT_ID: 'a' };
  const parsed = parseEnvironment({ ...agent, CUSTARD_API_KEY: `custard_${'x'.repeat(36)}`, ...environment });
  const connector = await openConnector(await databaseSettings(parsed));
  try {
    return (await connector.ping({ signal: new AbortController().signal })).version;
  } finally {
    await connector.close();
  }
}

interface Engine {
  /** Of a role with a password alone. */
  readonly reader: Variables;
  /** Of one that has to bring a certificate too. */
  readonly certified: Variables;
  /** Gives the server another certificate. */
  present(certificate: { readonly cert: string; readonly key: string }): Promise<void>;
  stop(): Promise<void>;
}

const own = noOwnPostgres();
const ENGINES: readonly (readonly [string, string | null, () => Promise<Engine>])[] = [
  ['PostgreSQL', own, startPostgres],
  ['MariaDB', null, startMariadb],
];

for (const [name, missing, start] of ENGINES) {
  describe.skipIf(missing !== null)(`TLS to a real ${name}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await start();
    });
    afterAll(async () => {
      await engine.stop();
    });
    const reading = (more: Variables) => ping({ ...engine.reader, ...more });
    const refused = async (
      more: Variables,
      message: string | RegExp,
      hint: string | RegExp,
      code = 'DATABASE_UNREACHABLE',
    ) => {
      await expect(reading(more), JSON.stringify(more)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
    };

    it('is as strict as DB_SSLMODE says', async () => {
      for (const DB_SSLMODE of ['disable', 'prefer', 'require']) await reading({ DB_SSLMODE });
      for (const DB_SSLMODE of ['require', 'verify-ca', 'verify-full'])
        await reading({ DB_SSLMODE, DB_SSLROOTCERT: CA });
      for (const DB_SSLMODE of ['require', 'verify-ca', 'verify-full']) {
        await refused({ DB_SSLMODE, DB_SSLROOTCERT: OTHER_CA }, 'not signed by an authority', 'DB_SSLROOTCERT');
      }
      for (const DB_SSLMODE of ['verify-ca', 'verify-full'])
        await refused({ DB_SSLMODE }, 'not signed', 'DB_SSLROOTCERT');
      await refused({ DB_SSLMODE: 'prefer', DB_SSLROOTCERT: 'system' }, 'not signed', 'DB_SSLROOTCERT');
    });

    it('tells which certificate of the server is wrong, and how', async () => {
      const strict = { DB_SSLMODE: 'verify-full', DB_SSLROOTCERT: CA };
      await engine.present(authority.issue({ name: 'elsewhere.example' }));
      await refused(strict, 'made out to another host name', /DB_HOST.*verify-ca/);
      await reading({ ...strict, DB_SSLMODE: 'verify-ca' });
      await engine.present(authority.issue({ name: 'localhost', isExpired: true }));
      for (const DB_SSLMODE of ['verify-ca', 'verify-full', 'require']) {
        await refused({ ...strict, DB_SSLMODE }, 'has expired', 'Renew it on the server');
      }
      await reading({ DB_SSLMODE: 'require' });
      await engine.present(server);
      await reading(strict);
    });

    it('shows a client certificate, and says which setting lacks one', async () => {
      const certified = (more: Variables) =>
        ping({ ...engine.certified, DB_SSLMODE: 'verify-full', DB_SSLROOTCERT: CA, ...more });
      await certified(client);
      const DB_SSLKEY = file('encrypted.key', encrypted(authority.issue({ name: 'x' }).key));
      const own = pair('own', { ...authority.issue({ name: 'certified' }) });
      const locked = { ...own, DB_SSLKEY: file('locked.key', encrypted(keyOf(own.DB_SSLKEY))) };
      await certified({ ...locked, DB_SSLPASSWORD: 's3cret' });
      await expect(certified({})).rejects.toMatchObject({
        code: 'DATABASE_AUTH_FAILED',
        hint: expect.stringMatching(/DB_SSLCERT.*DB_SSLKEY/),
      });
      await expect(certified({ DB_SSLMODE: 'disable' })).rejects.toMatchObject({
        code: 'DATABASE_AUTH_FAILED',
        hint: expect.stringContaining('DB_SSLMODE=require'),
      });
      // Some servers say so, some only end the connection.
      await expect(certified(foreign)).rejects.toMatchObject({ hint: expect.stringMatching(/DB_SSLCERT.*DB_SSLKEY/) });
      const wrong = [
        [expired, /client certificate in .*expired\.pem has expired \(2021-01-01\)/, 'DB_SSLCERT'],
        [{ ...client, DB_SSLKEY }, /is encrypted, and no password/, 'DB_SSLPASSWORD'],
        [{ ...locked, DB_SSLPASSWORD: 'wrong' }, /DB_SSLPASSWORD does not open it/, 'DB_SSLPASSWORD'],
        [{ ...client, DB_SSLKEY: foreign.DB_SSLKEY }, /is not that of the certificate/, 'DB_SSLKEY'],
        [{ ...client, DB_SSLKEY: NO_PEM }, /no private key in PEM/, 'DB_SSLKEY'],
        [{ ...client, DB_SSLCERT: NO_PEM }, /no certificate in PEM/, 'DB_SSLCERT'],
        [{ ...client, DB_SSLCERT: '/nowhere.pem' }, /\/nowhere\.pem cannot be read \(ENOENT\)/, 'DB_SSLCERT'],
        [{ DB_SSLCERT: client.DB_SSLCERT }, /not what belongs to it/, 'DB_SSLKEY'],
      ] as const;
      for (const [more, message, hint] of wrong)
        await refused({ DB_SSLMODE: 'require', ...more }, message, hint, 'CONFIG_INVALID');
    });

    it('tells of a file of authorities that is none', async () => {
      const strict = { DB_SSLMODE: 'verify-full' };
      const invalid = 'CONFIG_INVALID';
      await refused({ ...strict, DB_SSLROOTCERT: '/nowhere.pem' }, 'ENOENT', 'DB_SSLROOTCERT', invalid);
      await refused({ ...strict, DB_SSLROOTCERT: folder }, 'EISDIR', 'DB_SSLROOTCERT', invalid);
      await refused({ ...strict, DB_SSLROOTCERT: NO_PEM }, 'no certificate in PEM', 'DB_SSLROOTCERT', invalid);
      // What is wrong with our own settings is not tried without TLS.
      await refused(
        { DB_SSLMODE: 'prefer', DB_SSLROOTCERT: NO_PEM },
        'no certificate in PEM',
        'DB_SSLROOTCERT',
        invalid,
      );
    });
  });
}

describe.skipIf(own !== null)('channel binding', () => {
  it('is proven where the server has it, and demanded where the URL does', async () => {
    await using postgres = await OwnPostgres.start(POSTGRES_TLS);
    const url = (parameters: string) => `${postgres.url.replace('127.0.0.1', 'localhost')}?${parameters}`;
    await ping({ DB_URL: url('sslmode=require&channel_binding=require') });
    await ping({ DB_URL: url('sslmode=require&channel_binding=prefer') });
    await expect(ping({ DB_URL: url('sslmode=disable&channel_binding=require') })).rejects.toMatchObject({
      code: 'DATABASE_AUTH_FAILED',
      message: expect.stringContaining('channel binding'),
    });
  });
});

const keyOf = (path: string): string =>
  createPrivateKey(readFileSync(path)).export({ type: 'pkcs8', format: 'pem' }).toString();

const POSTGRES_TLS = {
  configuration: `
ssl = on
ssl_cert_file = 'server.pem'
ssl_key_file = 'server.key'
ssl_ca_file = 'ca.pem'
`,
  files: {
    'server.pem': server.cert,
    'server.key': server.key,
    'ca.pem': authority.cert,
    'pg_hba.conf': `
hostnossl all certified all reject
hostssl all certified all scram-sha-256 clientcert=verify-ca
host all all all scram-sha-256
`,
  },
};

/** Whether PostgreSQL shows this certificate: it reads its files anew a while after it was told to. */
async function isShown(port: number, cert: string): Promise<boolean> {
  const socket = connectTcp(port, '127.0.0.1');
  try {
    socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
    await once(socket, 'data');
    const secure = connectTls({ socket, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    return secure.getPeerX509Certificate()?.fingerprint256 === new X509Certificate(cert).fingerprint256;
  } finally {
    socket.destroy();
  }
}

async function startPostgres(): Promise<Engine> {
  const postgres = await OwnPostgres.start(POSTGRES_TLS);
  const variables = async (role: string) => {
    const url = new URL(await postgres.createRole(role));
    const { port, username, password } = url;
    return { DB_HOST: 'localhost', DB_PORT: port, DB_USER: username, DB_PASSWORD: password, DB_NAME: 'postgres' };
  };
  return {
    reader: await variables('reader'),
    certified: await variables('certified'),
    present: async ({ cert, key }) => {
      postgres.write('server.pem', cert);
      postgres.write('server.key', key);
      await postgres.admin.query('SELECT pg_reload_conf()');
      await until(() => isShown(Number(new URL(postgres.url).port), cert), 5_000);
    },
    stop: () => postgres[Symbol.asyncDispose](),
  };
}

async function startMariadb(): Promise<Engine> {
  const files = { 'server.pem': server.cert, 'server.key': server.key, 'ca.pem': authority.cert };
  const names = ['ssl-cert=$folder/server.pem', 'ssl-key=$folder/server.key', 'ssl-ca=$folder/ca.pem'];
  const mariadb = await OwnMariadb.start({ configuration: names.join('\n'), files });
  const admin = await mariadb.admin();
  for (const [user, demand] of [
    ['reader', ''],
    ['certified', 'REQUIRE X509'],
  ]) {
    await admin.query(`CREATE USER ${user}@'%' IDENTIFIED BY '${mariadb.password}' ${demand}`);
  }
  const address = { DB_URL: 'mariadb://localhost/information_schema', DB_PORT: String(mariadb.port) };
  const variables = (user: string) => ({ ...address, DB_USER: user, DB_PASSWORD: mariadb.password });
  return {
    reader: variables('reader'),
    certified: variables('certified'),
    present: async ({ cert, key }) => {
      mariadb.write('server.pem', cert);
      mariadb.write('server.key', key);
      await admin.query('FLUSH SSL');
    },
    stop: async () => {
      await admin.end();
      await mariadb[Symbol.asyncDispose]();
    },
  };
}
