import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ConnectionRepository } from '../db/connection-repository.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { SessionRepository } from '../db/session-repository.ts';
import { TokenRepository } from '../db/token-repository.ts';
import { AccessTokens } from './access-token.ts';
import { Authenticator } from './authenticator.ts';
import { createFirstToken, ensureOwner } from './bootstrap.ts';

/** What is remembered for speed must be forgotten in time, however often it is asked for. */

let database: Database;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  database = await openDatabase('sqlite::memory:');
  await migrate(database);
});

afterEach(async () => {
  vi.useRealTimers();
  await database.close();
});

/** Every second for ten. */
async function keepAsking(ask: () => Promise<unknown>): Promise<void> {
  for (let second = 0; second < 10; second++) {
    await ask().catch(() => undefined);
    vi.advanceTimersByTime(1_000);
  }
}

it('ends a revoked token that is in constant use', async () => {
  const token = await createFirstToken(database);
  const authenticator = new Authenticator({
    ...{ tokens: new TokenRepository(database), sessions: new SessionRepository(database), ownToken: null },
    accessTokens: new AccessTokens('a secret of this test', null),
  });
  const ask = () => authenticator.authenticate(`Bearer ${token}`);
  await ask();
  await database.knex('tokens').update({ revoked_at: new Date().toISOString() });
  await keepAsking(ask);
  await expect(ask()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('ends a connection that another replica deleted while it is in constant use', async () => {
  const owner = await ensureOwner(database);
  const connections = new ConnectionRepository(database);
  await connections.create(owner.organizationId, { name: 'shop', dbType: 'SQLITE', key: null });
  const ask = () => connections.get(owner.organizationId, 'shop');
  await ask();
  await database.knex('connections').delete();
  await keepAsking(ask);
  await expect(ask()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
