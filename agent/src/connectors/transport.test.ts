import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mariadbUrl } from '#core/testing/mariadb-url.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { openConnector } from './registry.ts';
import { startProxy } from './testing/proxy.ts';
import { selfSigned } from './testing/self-signed.ts';

const signal = AbortSignal.timeout(30_000);
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'custard-transport-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function transportOf(url: string) {
  const connector = await openConnector(parseDatabaseUrl(url));
  try {
    return await connector.transport?.({ signal });
  } finally {
    await connector.close();
  }
}

test('what is told of TLS is what the open connection has', async () => {
  const { cert, key } = selfSigned();
  const real = new URL(postgresUrl());
  const proxy = await startProxy({
    target: { host: real.hostname, port: Number(real.port || 5432) },
    tls: { cert, key },
  });
  await writeFile(join(directory, 'ca.pem'), cert);
  const through = (query: string): string => {
    const url = new URL(real);
    url.host = `localhost:${proxy.port}`;
    url.search = query;
    return url.href;
  };
  try {
    const tls = { isLocal: true, protocol: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) };
    expect(await transportOf(through('?sslmode=require'))).toEqual({ ...tls, encryption: 'unverified' });
    expect(await transportOf(through(`?sslmode=verify-ca&sslrootcert=${join(directory, 'ca.pem')}`))).toEqual({
      ...{ ...tls, encryption: 'verified' },
    });
  } finally {
    proxy.close();
  }
});

test('what is not encrypted is told as such', async () => {
  const plain = { isLocal: true, encryption: 'none', protocol: null, cipher: null };
  const url = new URL(postgresUrl());
  url.search = '?sslmode=disable';
  expect(await transportOf(url.href)).toEqual(plain);
  const mariadb = new URL(mariadbUrl());
  mariadb.search = '?ssl-mode=DISABLED';
  expect(await transportOf(mariadb.href)).toEqual(plain);
  const path = join(directory, 'shop.db');
  new DatabaseSync(path).exec('CREATE TABLE t (a)');
  expect(await transportOf(`sqlite:${path}`)).toEqual(plain);
});

test('of a URL that decides it, the URL tells', async () => {
  for (const [url, expected] of [
    ['mongodb://db.example.com/shop', { isLocal: false, encryption: 'none' }],
    ['mongodb://db.example.com/shop?tls=true', { isLocal: false, encryption: 'verified' }],
    ['mongodb+srv://db.example.com/shop?tlsInsecure=true', { isLocal: false, encryption: 'unverified' }],
  ] as const) {
    expect(await transportOf(url)).toMatchObject(expected);
  }
});
