import { pino } from 'pino';
import { expect, it } from 'vitest';
import { openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { ensureOwner } from '../identity/bootstrap.ts';
import { QueryHistory } from './query-history.ts';

it('writes the end of a query once its database is back', async () => {
  const database = await openDatabase('sqlite::memory:');
  await migrate(database);
  const owner = await ensureOwner(database);
  const history = new QueryHistory({ database, replica: 'here/1', logger: pino({ level: 'silent' }) });
  const query = { id: 'q', statement: 'SELECT 1' };
  await history.accept({ ...owner, ...query, connectionId: 'c', question: null, maker: 'user', model: null });
  await database.knex.schema.renameTable('queries', 'out_of_reach');
  history.finish({ ...query, status: 'succeeded', rowCount: 1, bytes: 1, elapsedMs: 1, errorCode: null });
  await history.drain();
  await database.knex.schema.renameTable('out_of_reach', 'queries');
  expect(await database.knex('queries').pluck('status')).toEqual(['accepted']);
  await expect.poll(() => database.knex('queries').pluck('status'), { timeout: 10_000 }).toEqual(['succeeded']);
  await database.close();
});
