import { pino } from 'pino';
import { expect, it } from 'vitest';
import { openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { parseEnvironment } from '../env.ts';
import { AccessTokens } from '../identity/access-token.ts';
import { ensureOwner } from '../identity/bootstrap.ts';
import { createServices } from '../services.ts';
import { FakeGateway, INTEGER, rowLines } from '../test-support/fake-gateway.ts';
import { runQuery } from './run-query.ts';

it('cancels the statement and says so in history when whoever reads the rows stops', async () => {
  const database = await openDatabase('sqlite::memory:');
  await migrate(database);
  const owner = await ensureOwner(database);
  const gateway = new FakeGateway();
  const chunk = rowLines([['1']]);
  gateway.onRun = () => ({ columns: [INTEGER], chunks: [chunk, chunk, chunk], rows: 3 });
  const { services, connections, close } = createServices({
    ...{ database, config: parseEnvironment({}), logger: pino({ level: 'silent' }), limits: { schemaWaitMs: 1 } },
    ...{ ownToken: null, accessTokens: new AccessTokens('a secret of this test', null), createGateway: () => gateway },
  });
  await connections.create(owner.organizationId, { name: 'shop', dbType: 'POSTGRESQL', key: null });
  const query = runQuery(services, {
    ...{ request: { connection_id: 'shop', sql: 'SELECT 1' }, principal: owner, requestId: 'r' },
    ...{ limits: { rows: 10, bytes: 1000 }, deadline: performance.now() + 1000, signal: new AbortController().signal },
  });
  for await (const part of query) if (part.type === 'rows') break;
  await gateway.sent[0]?.left;
  await close();
  expect(await database.knex('queries').pluck('status')).toEqual(['canceled']);
  await database.close();
});

it('checks a statement in the dialect that the connected server speaks, where its type leaves that open', async () => {
  const database = await openDatabase('sqlite::memory:');
  await migrate(database);
  const owner = await ensureOwner(database);
  const gateway = new FakeGateway();
  const { services, connections, close } = createServices({
    ...{ database, config: parseEnvironment({}), logger: pino({ level: 'silent' }), limits: { schemaWaitMs: 1 } },
    ...{ ownToken: null, accessTokens: new AccessTokens('a secret of this test', null), createGateway: () => gateway },
  });
  await connections.create(owner.organizationId, { name: 'shop', dbType: 'MYSQL', key: null });
  const check = async () => {
    // A function of MariaDB's that MySQL does not have.
    const request = { connection_id: 'shop', sql: "SELECT natural_sort_key('a')", dry_run: true };
    const query = runQuery(services, {
      ...{ request, principal: owner, requestId: 'r', limits: { rows: 10, bytes: 1000 } },
      ...{ deadline: performance.now() + 1000, signal: new AbortController().signal },
    });
    for await (const part of query) if (part.type === 'done') return 'allowed';
    return 'unfinished';
  };
  gateway.dialect = 'mariadb';
  expect(await check()).toBe('allowed');
  gateway.dialect = 'mysql';
  await expect(check()).rejects.toMatchObject({ code: 'FUNCTION_NOT_ALLOWED' });
  gateway.online = false;
  await expect(check()).rejects.toMatchObject({ code: 'FUNCTION_NOT_ALLOWED' });
  await close();
  await database.close();
});
