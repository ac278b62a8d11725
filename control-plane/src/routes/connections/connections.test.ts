import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CustardError } from '#core/errors.ts';
import { CreatedConnection } from '#core/protocol/api.ts';
import { openDatabase } from '../../db/database.ts';
import { AuditLog } from '../../history/audit-log.ts';
import { createSecretKey, hashSecretKey } from '../../identity/secret-key.ts';
import { offline } from '../../test-support/fake-gateway.ts';
import { SHOP } from '../../test-support/shop-schema.ts';
import {
  ENGINES,
  type MetadataDatabase,
  metadataDatabase,
  readBody,
  startTestServer,
  type TestServer,
} from '../../test-support/test-server.ts';

describe.each(ENGINES)('connections on %s', (engine) => {
  let metadata: MetadataDatabase;
  let server: TestServer;
  beforeEach(async () => {
    metadata = await metadataDatabase(engine);
    server = await startTestServer(metadata.url, { limits: { schemaWaitMs: 50 } });
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await metadata[Symbol.asyncDispose]();
  });

  const PATH = '/api/v1/connections';
  const call = async (method: string, path = '', body?: unknown, init?: RequestInit) => {
    const response = await server.request(method, `${PATH}${path}`, body, init);
    return { status: response.status, body: response.status === 204 ? {} : await readBody(response) };
  };

  it('are made with a key shown once, listed, shown by id and by name, and deleted', async () => {
    server.gateway.online = false;
    const created = await call('POST', '', { name: 'shop', db_type: 'POSTGRESQL' });
    expect(created.status).toBe(201);
    const { api_key, ...connection } = CreatedConnection.parse(created.body);
    expect(connection).toMatchObject({
      name: 'shop',
      status: 'PENDING',
      last_seen_at: null,
      schema: { state: 'NONE' },
    });
    expect(await call('GET')).toEqual({ status: 200, body: { connections: [connection] } });
    expect((await call('GET', '/shop')).body).toEqual(connection);
    expect((await call('GET', `/${connection.id}`)).body).toEqual(connection);
    expect((await call('DELETE', '/shop')).status).toBe(204);
    expect(server.gateway.disconnected).toEqual([connection.id]);
    expect((await call('GET', '/shop')).body).toMatchObject({ error: { code: 'NOT_FOUND' } });
    const database = await openDatabase(metadata.url);
    expect(await database.knex('agent_keys')).toEqual([]);
    const audit = await database.knex('audit').orderBy('sequence');
    expect(audit.map(({ action }) => action)).toEqual(['connection.created', 'connection.deleted']);
    expect(JSON.stringify(audit)).not.toContain(api_key.slice(8));
    expect(await new AuditLog(database).verify('org_default')).toBeNull();
    await database.close();
  });

  it('have names of their own', async () => {
    const bodies = Array.from({ length: 5 }, () => ({ name: 'shop', db_type: 'SQLITE' }));
    const answers = await Promise.all(bodies.map((body) => call('POST', '', body)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
  });

  it.each([
    [{ name: 'a b', db_type: 'SQLITE' }, '"name"'],
    [{ name: 'x', db_type: 'ORACLE' }, '"db_type"'],
    [{ name: 'x', db_type: 'SQLITE', password: 'p' }, 'password'],
    ['nonsense', 'object'],
  ])('are refused when the request is wrong: %j', async (body, named) => {
    const answer = await call('POST', '', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { code: 'INVALID_REQUEST', message: expect.stringContaining(named) } });
  });

  it('are refused when the body is too large, or not JSON', async () => {
    const large = await call('POST', '', { name: 'x'.repeat(2 ** 20), db_type: 'SQLITE' });
    expect([large.status, large.body]).toMatchObject([413, { error: { code: 'PAYLOAD_TOO_LARGE' } }]);
    const broken = await server.request('POST', PATH, undefined, { body: '{"name":' });
    expect(await readBody(broken)).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
  });

  it.each([
    ['no token', {}],
    ['a mistyped token', { authorization: 'Bearer custard_000000000000000000000000000000000000' }],
    ['a token that is not known', { authorization: `Bearer ${createSecretKey()}` }],
    ['another scheme', { authorization: 'Basic dTpw' }],
  ])('need a token: %s', async (_, headers) => {
    const response = await fetch(`${server.server.url}${PATH}`, { headers });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="custard"']);
    const hint = expect.stringContaining('CUSTARD_TOKEN');
    expect(await readBody(response)).toMatchObject({ error: { code: 'UNAUTHENTICATED', hint } });
  });

  it('of another organization are as if they were not there', async () => {
    const id = await server.createConnection();
    const other = await otherOrganization(metadata.url);
    const as = { headers: { authorization: `Bearer ${other}` } };
    expect((await call('GET', '', undefined, as)).body).toEqual({ connections: [] });
    const unknown = await call('GET', '/nothing', undefined, as);
    for (const [method, path] of [
      ...[['GET', '/shop'] as const, ['GET', `/${id}`] as const, ['DELETE', `/${id}`] as const],
      ...[['GET', '/shop/schema'] as const, ['POST', `/${id}/refresh-schema`] as const],
    ]) {
      const answer = await call(method, path, undefined, as);
      expect(answer.status).toBe(404);
      const shape = (body: typeof answer.body, name: string) => ({
        ...body['error'],
        ...{ request_id: '', message: String(body['error'].message).replace(name, '') },
      });
      expect(shape(answer.body, path.split('/')[1] ?? '')).toEqual(shape(unknown.body, 'nothing'));
    }
    const query = { connection_id: id, sql: 'SELECT 1' };
    const asked = await server.request('POST', '/api/v1/query', query, as);
    expect(asked.status).toBe(404);
    expect(server.gateway.sent).toEqual([]);
    expect((await call('POST', '', { name: 'shop', db_type: 'SQLITE' }, as)).status).toBe(201);
  });

  it('have a schema that is asked of the agent, kept, and asked for anew', async () => {
    await server.createConnection();
    let asked = 0;
    server.gateway.onDescribe = async () => ({ ...SHOP, version: String(++asked) });
    const [first, second] = await Promise.all([call('GET', '/shop/schema'), call('GET', '/shop/schema')]);
    expect(first.body).toMatchObject({
      schema: { version: '1' },
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(second.body).toEqual(first.body);
    const none = { count: 0, tables: [] };
    expect((await call('POST', '/shop/refresh-schema')).body).toMatchObject({
      ...{ table_count: 2, fingerprint: first.body['fingerprint'] },
      changes: { added: none, removed: none, changed: none },
    });
    expect((await call('GET', '/shop/schema')).body).toMatchObject({ schema: { version: '2' } });
    expect((await call('GET', '/shop')).body).toMatchObject({ schema: { state: 'READY', table_count: 2 } });
    server.gateway.online = false;
    expect((await call('GET', '/shop/schema')).body).toMatchObject({ schema: { version: '2' } });
  });

  it('are not broken for good by an agent that went while its schema was read', async () => {
    await server.createConnection();
    server.gateway.onDescribe = async () => SHOP;
    await call('GET', '/shop/schema');
    server.gateway.onDescribe = () => Promise.reject(new CustardError('AGENT_LOST', 'gone'));
    expect((await call('POST', '/shop/refresh-schema')).body).toMatchObject({ error: { code: 'AGENT_LOST' } });
    expect((await call('GET', '/shop')).body).toMatchObject({ status: 'CONNECTED', last_error: null });
  });

  it('that are deleted while their schema is read leave no bug behind', async () => {
    const id = await server.createConnection();
    const asked = Promise.withResolvers<void>();
    const deleted = Promise.withResolvers<void>();
    server.gateway.onDescribe = async () => {
      asked.resolve();
      await deleted.promise;
      return SHOP;
    };
    const read = call('GET', '/shop/schema');
    await asked.promise;
    expect((await server.request('DELETE', `${PATH}/${id}`)).status).toBe(204);
    deleted.resolve();
    expect((await read).body).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  it('tell that the schema could not be read, or is still being read', async () => {
    await server.createConnection();
    server.gateway.onDescribe = () => Promise.reject(offline());
    expect((await call('POST', '/shop/refresh-schema')).body).toMatchObject({ error: { code: 'AGENT_OFFLINE' } });
    const describing = Promise.withResolvers<typeof SHOP>();
    server.gateway.onDescribe = () => describing.promise;
    expect((await call('GET', '/shop/schema')).body).toMatchObject({
      error: { code: 'SCHEMA_NOT_READY', retryable: true },
    });
    expect((await call('GET', '/shop')).body).toMatchObject({ schema: { state: 'LOADING' } });
    describing.resolve(SHOP);
    expect((await call('GET', '/shop/schema')).status).toBe(200);
  });
});

/** A second organization with a user; returns its token. */
async function otherOrganization(databaseUrl: string): Promise<string> {
  const { knex, close } = await openDatabase(databaseUrl);
  const key = createSecretKey();
  const at = { created_at: new Date().toISOString(), updated_at: new Date().toISOString() };
  const [organization_id, user_id] = [randomUUID(), randomUUID()];
  await knex('organizations').insert({ id: organization_id, name: 'other', ...at });
  await knex('users').insert({ id: user_id, ...at });
  await knex('tokens').insert({
    id: randomUUID(),
    organization_id,
    user_id,
    name: 't',
    hash: hashSecretKey(key),
    ...at,
  });
  await close();
  return key;
}
