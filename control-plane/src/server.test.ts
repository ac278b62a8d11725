import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openDatabase } from './db/database.ts';
import { createSecretKey } from './identity/secret-key.ts';
import { oneNumber } from './test-support/fake-gateway.ts';
import { ENGINES, metadataDatabase, readBody, startTestServer } from './test-support/test-server.ts';

describe.each(ENGINES)('a control plane on %s', (engine) => {
  it('gives its first token once, and stores it as a hash only', async () => {
    await using metadata = await metadataDatabase(engine);
    const first = await startTestServer(metadata.url);
    expect(first.token).toMatch(/^custard_[0-9A-Za-z]{36}$/);
    await first.server.close();
    await using again = await startTestServer(metadata.url, { token: first.token });
    expect(again.server.bootstrapToken).toBeNull();
    expect((await again.request('GET', '/api/v1/connections')).status).toBe(200);
    const database = await openDatabase(metadata.url);
    const stored = await Promise.all(['tokens', 'users', 'organizations'].map((table) => database.knex(table)));
    expect(JSON.stringify(stored)).not.toContain(first.token.slice(8));
    await database.close();
  });

  it('keeps its first token for a start that gets as far as showing it', async () => {
    await using metadata = await metadataDatabase(engine);
    await using other = await startTestServer(metadata.url, { ownToken: createSecretKey() });
    const taken = { PORT: new URL(other.server.url).port };
    await expect(startTestServer(metadata.url, { env: taken })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await using first = await startTestServer(metadata.url);
    expect((await first.request('GET', '/api/v1/connections')).status).toBe(200);
  });

  it('makes one organization and one token when several start at once', async () => {
    await using metadata = await metadataDatabase(engine);
    const servers = await Promise.all(Array.from({ length: 3 }, () => startTestServer(metadata.url)));
    expect(servers.filter(({ server }) => server.bootstrapToken !== null)).toHaveLength(1);
    await Promise.all(servers.map(({ server }) => server.close()));
  });

  it('makes one token when several start at once on what an embedded one began', async () => {
    await using metadata = await metadataDatabase(engine);
    await (await startTestServer(metadata.url, { ownToken: createSecretKey() })).server.close();
    const servers = await Promise.all(Array.from({ length: 4 }, () => startTestServer(metadata.url)));
    expect(servers.filter(({ server }) => server.bootstrapToken !== null)).toHaveLength(1);
    await Promise.all(servers.map(({ server }) => server.close()));
  });

  it('gives queries that a dead process left behind their end', async () => {
    await using metadata = await metadataDatabase(engine);
    const first = await startTestServer(metadata.url);
    await first.server.close();
    const database = await openDatabase(metadata.url);
    const query = (id: string, replica: string, created_at: string) => ({
      ...{ id, replica, created_at, organization_id: 'org_default', connection_id: 'c', user_id: 'u', token_id: 't' },
      ...{ statement: 'SELECT 1', maker: 'user', status: 'accepted' },
    });
    const now = new Date().toISOString();
    await database
      .knex('queries')
      .insert([
        query('dead', `${hostname()}/${2 ** 22 + 1}`, now),
        query('alive', `${hostname()}/${process.ppid}`, now),
        query('elsewhere', 'other-host/1', now),
        query('too old', 'other-host/1', '2020-01-01T00:00:00.000Z'),
      ]);
    await using _server = await startTestServer(metadata.url);
    const lost = await database.knex('queries').where({ status: 'lost' }).orderBy('id').pluck('id');
    expect(lost).toEqual(['dead', 'too old']);
    await database.close();
  });
});

it('answers /health and /ready, and what is not there, in one form', async () => {
  await using metadata = await metadataDatabase('sqlite');
  await using server = await startTestServer(metadata.url);
  const health = await server.request('GET', '/health');
  expect([health.status, await readBody(health)]).toEqual([
    200,
    { status: 'ok', version: '1.2.3', database: 'sqlite' },
  ]);
  expect(health.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await server.request('GET', '/ready')).status).toBe(200);
  const missing = await server.request('GET', '/nothing', undefined, { headers: { 'x-request-id': 'my-id' } });
  expect([missing.status, await readBody(missing)]).toEqual([
    404,
    { error: expect.objectContaining({ code: 'NOT_FOUND', request_id: 'my-id', retryable: false }) },
  ]);
  const method = await server.request('PUT', '/api/v1/query', {});
  expect([method.status, method.headers.get('allow')]).toEqual([405, 'POST']);
});

it('lets what is under way finish when it closes, and takes nothing more', async () => {
  await using metadata = await metadataDatabase('sqlite');
  const server = await startTestServer(metadata.url);
  await server.createConnection();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  server.gateway.onRun = async () => {
    asked.resolve();
    await answer.promise;
    return oneNumber(7);
  };
  const query = server.query({ connection_id: 'shop', sql: 'SELECT 7' });
  await asked.promise;
  const closed = server.server.close();
  await expect(server.request('GET', '/ready')).rejects.toThrow();
  answer.resolve();
  expect((await query).body).toMatchObject({ data: [['7']] });
  await closed;
  const database = await openDatabase(metadata.url);
  expect(await database.knex('queries').pluck('status')).toEqual(['succeeded']);
  await database.close();
});

it('stops what does not finish in time when it closes', async () => {
  await using metadata = await metadataDatabase('sqlite');
  const server = await startTestServer(metadata.url, { limits: { drainMs: 50 } });
  await server.createConnection();
  const asked = Promise.withResolvers<void>();
  server.gateway.onRun = (_, signal) =>
    new Promise((__, reject) => {
      asked.resolve();
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  const query = server.query({ connection_id: 'shop', sql: 'SELECT 7' });
  await asked.promise;
  await server.server.close();
  expect((await query).body).toMatchObject({ error: { code: 'SERVER_RESTARTING' } });
});

it('lets the process it is embedded in have a token and an agent of its own, which are stored nowhere', async () => {
  await using metadata = await metadataDatabase('sqlite');
  const ownToken = createSecretKey();
  await using server = await startTestServer(metadata.url, { ownToken });
  expect(server.server.bootstrapToken).toBeNull();
  const admit = () => server.server.admitLocalAgent({ name: 'shop.db', dbType: 'SQLITE' });
  const [first, second] = [await admit(), await admit()];
  expect(second.connectionId).toBe(first.connectionId);
  expect((await server.query({ connection_id: 'shop.db', sql: 'SELECT 1' })).status).toBe(200);
  await using hosted = await startTestServer(metadata.url);
  expect(hosted.token).toMatch(/^custard_/);
  const foreign = await hosted.request('GET', '/api/v1/connections', undefined, {
    headers: { authorization: `Bearer ${ownToken}` },
  });
  expect(foreign.status).toBe(401);
});

it.each([
  ['an address that is taken', async (port: number) => ({ PORT: String(port) }), /PORT/],
  ['a database that is not there', async () => ({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }), /Check/],
])('says what to do about %s', async (_, environment, hint) => {
  await using metadata = await metadataDatabase('sqlite');
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const env = await environment(typeof address === 'object' && address !== null ? address.port : 0);
  await expect(startTestServer(metadata.url, { env })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    hint: expect.stringMatching(hint),
  });
  other.close();
});
