import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AgentAuthenticator } from '../identity/agent-authenticator.ts';
import { createSecretKey, hashSecretKey } from '../identity/secret-key.ts';
import { ENGINES, metadataDatabase, readBody, startTestServer } from '../test-support/test-server.ts';
import { AgentKeyRepository } from './agent-key-repository.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { foundation } from './migrations/0001-foundation.ts';
import { MIGRATIONS } from './migrations/migrations.ts';

const TABLES = (
  'organizations users memberships tokens connections agent_keys schema_cache queries audit ' +
  'signups link_tokens sessions refresh_tokens device_grants invitations mails server_secrets'
).split(' ');

describe.each(ENGINES)('migrations on %s', (engine) => {
  it('run once, however many start at the same time and however often', async () => {
    await using metadata = await metadataDatabase(engine);
    const replicas = await Promise.all(Array.from({ length: 4 }, () => openDatabase(metadata.url)));
    await Promise.all(replicas.map(migrate));
    await Promise.all(replicas.map(migrate));
    const applied = await replicas[0]?.knex('custard_migrations').pluck('name');
    expect(applied).toEqual(MIGRATIONS.map(({ name }) => name));
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  it('are left alone by a version that does not know them', async () => {
    await using metadata = await metadataDatabase(engine);
    const database = await openDatabase(metadata.url);
    await migrate(database);
    await database.knex('custard_migrations').insert({ name: '9999-later', applied_at: '' });
    await expect(migrate(database)).rejects.toMatchObject({ code: 'CONFIG_INVALID', hint: /9999-later/ });
    await database.close();
  });
});

it.each(ENGINES)('keep what a server of the version before accounts had, on %s', async (engine) => {
  await using metadata = await metadataDatabase(engine);
  const database = await openDatabase(metadata.url);
  const [token, agentKey] = [createSecretKey(), createSecretKey()];
  const at = { created_at: new Date().toISOString(), updated_at: new Date().toISOString() };
  await database.knex.transaction(async (trx) => {
    await trx.raw('CREATE TABLE custard_migrations (name text PRIMARY KEY, applied_at text NOT NULL)');
    await foundation.up(trx, engine);
    await trx('custard_migrations').insert({ name: foundation.name, applied_at: at.created_at });
    await trx('organizations').insert({ id: 'org_default', name: 'default', ...at });
    await trx('users').insert({ id: 'user_owner', ...at });
    const owner = { organization_id: 'org_default', user_id: 'user_owner' };
    await trx('memberships').insert({ ...owner, role: 'owner', ...at });
    await trx('tokens').insert({ id: 'token_1', ...owner, name: 'bootstrap', hash: hashSecretKey(token), ...at });
    const shop = { id: 'shop', organization_id: 'org_default', name: 'shop', db_type: 'SQLITE', agent_id: 'agent_1' };
    await trx('connections').insert({ ...shop, ...at });
    const key = { id: 'key_1', organization_id: 'org_default', connection_id: 'shop', hash: hashSecretKey(agentKey) };
    await trx('agent_keys').insert({ ...key, ...at });
  });
  await using server = await startTestServer(metadata.url, { token });
  expect(server.server.bootstrapToken).toBeNull();
  expect(
    (await server.request('POST', '/api/v1/invitations', { email: 'ada@example.com', role: 'owner' })).status,
  ).toBe(201);
  const { tokens } = await readBody(await server.request('GET', '/api/v1/tokens'));
  expect(tokens).toMatchObject([{ id: 'token_1', kind: 'personal', scopes: null, expires_at: null }]);
  const agents = new AgentAuthenticator(new AgentKeyRepository(database));
  expect(await agents.authenticate('agent_1', agentKey)).toMatchObject({ connectionId: 'shop', keyId: 'key_1' });
  await database.close();
});

it('keep the file to its owner, and wait for another process that writes', async () => {
  await using metadata = await metadataDatabase('sqlite');
  const [first, second] = [await openDatabase(metadata.url), await openDatabase(metadata.url)];
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const writing = first.transaction(() => {
    begun.resolve();
    return held.promise;
  });
  await begun.promise;
  let migrated = false;
  const waiting = migrate(second).then(() => (migrated = true));
  await sleep(100); // nothing tells that something keeps waiting but time
  expect(migrated).toBe(false);
  held.resolve();
  await Promise.all([writing, waiting]);
  expect(statSync(metadata.url.slice('sqlite:'.length)).mode & 0o077).toBe(0);
  await Promise.all([first.close(), second.close()]);
});

it('give the same tables and columns on both engines', async () => {
  const shapes = await Promise.all(
    ENGINES.map(async (engine) => {
      await using metadata = await metadataDatabase(engine);
      const database = await openDatabase(metadata.url);
      await migrate(database);
      const shape = await Promise.all(TABLES.map((table) => database.knex(table).columnInfo()));
      await database.close();
      return shape.map((columns) => new Set(Object.keys(columns)));
    }),
  );
  expect(shapes[0]?.every(({ size }) => size >= 3)).toBe(true);
  expect(shapes[0]).toEqual(shapes[1]);
});

it.each(ENGINES)('says nothing of the values of a statement that failed on %s', async (engine) => {
  await using metadata = await metadataDatabase(engine);
  const database = await openDatabase(metadata.url);
  await migrate(database);
  const failed = database.knex('tokens').insert({ hash: 'what nobody may read' });
  await expect(failed).rejects.toThrow(expect.objectContaining({ message: expect.not.stringContaining('nobody') }));
  await database.close();
});
