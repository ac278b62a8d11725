import { afterAll, beforeAll, expect, it } from 'vitest';
import { join, type Person, signUp } from '../test-support/person.ts';
import {
  type MetadataDatabase,
  metadataDatabase,
  startTestServer,
  type TestServer,
} from '../test-support/test-server.ts';
import { type Database, openDatabase } from './database.ts';
import { bypassesRowSecurity } from './row-security.ts';

/** What stands behind a query that forgot to name the organization. */

/** Tables that belong to a person or the server, not to an organization: a tenant's connection sees nothing of them. */
const OF_NO_ORGANIZATION = ['signups', 'refresh_tokens', 'link_tokens', 'device_grants', 'mails', 'server_secrets'];

let metadata: MetadataDatabase;
let server: TestServer;
let database: Database;
let own: Person;
let other: Person;
beforeAll(async () => {
  metadata = await metadataDatabase('postgres');
  server = await startTestServer(metadata.url);
  database = await openDatabase(metadata.url);
  [own, other] = [await signUp(server), await signUp(server)];
  for (const person of [own, other]) {
    await person.call('POST', '/api/v1/connections', { name: 'shop', db_type: 'POSTGRESQL' });
    await person.call('POST', '/api/v1/tokens', { name: 'laptop' });
    await person.call('POST', '/api/v1/query', { connection_id: 'shop', sql: 'SELECT 1' });
    await join(server, person, 'member');
    await person.call('POST', '/api/v1/invitations', { email: 'somebody@example.com' });
  }
});
afterAll(async () => {
  await database?.close();
  await server?.[Symbol.asyncDispose]();
  await metadata?.[Symbol.asyncDispose]();
});

const tables = async (): Promise<string[]> => {
  const found = database
    .knex('pg_tables')
    .where({ schemaname: 'public' })
    .whereNot({ tablename: 'custard_migrations' });
  return await found.orderBy('tablename').pluck('tablename');
};
const columnOf = (table: string) => (table === 'organizations' ? 'id' : 'organization_id');
const isTenant = (table: string) => !OF_NO_ORGANIZATION.includes(table) && table !== 'users';

it('holds the role of these tests', async () => {
  expect(await bypassesRowSecurity(database)).toBe(false);
});

it('is on for every table there is, and forced on its owner', async () => {
  const classes = database
    .knex('pg_class')
    .whereIn('relname', await tables())
    .andWhere({ relkind: 'r' });
  const open = await classes.whereNot({ relrowsecurity: true, relforcerowsecurity: true }).pluck('relname');
  expect(open).toEqual([]);
});

it('shows an organization its own rows where the where clause was forgotten', async () => {
  const counts: Record<string, number> = {};
  for (const table of (await tables()).filter(isTenant)) {
    const all = await database.knex(table);
    const seen = await database.forOrganization(own.organizationId, (knex) => knex(table));
    const organizations = new Set(seen.map((row) => row[columnOf(table)]));
    expect([table, [...organizations].filter((id) => id !== own.organizationId)]).toEqual([table, []]);
    const ours = all.filter((row) => row[columnOf(table)] === own.organizationId);
    expect([table, seen.length]).toEqual([table, ours.length]);
    counts[table] = all.length - seen.length;
  }
  // Or this would show nothing: others had rows to be hidden in each.
  const { schema_cache: _none, ...filled } = counts;
  for (const [table, hidden] of Object.entries(filled)) expect([table, hidden > 0]).toEqual([table, true]);
});

it('lets it change and delete nothing else either', async () => {
  for (const table of (await tables()).filter(isTenant)) {
    const column = columnOf(table);
    const before = await database.knex(table).orderBy(1);
    if (table === 'audit') continue; // append-only for everybody
    const touched = await database.forOrganization(own.organizationId, (knex) =>
      knex(table)
        .where({ [column]: other.organizationId })
        .update({ created_at: 'x' }),
    );
    const deleted = await database.forOrganization(own.organizationId, (knex) =>
      knex(table)
        .whereNot({ [column]: own.organizationId })
        .delete(),
    );
    expect([table, touched, deleted]).toEqual([table, 0, 0]);
    expect(await database.knex(table).orderBy(1)).toEqual(before);
  }
});

it('lets it write nothing in another’s name', async () => {
  const [row] = await database.knex('connections').where({ organization_id: other.organizationId });
  const forged = { ...row, id: 'forged', agent_id: 'forged', name: 'forged' };
  const written = database.forOrganization(own.organizationId, (knex) => knex('connections').insert(forged));
  await expect(written).rejects.toMatchObject({ code: '42501' });
  const moved = database.forOrganization(own.organizationId, (knex) =>
    knex('connections').update({ organization_id: other.organizationId }),
  );
  await expect(moved).rejects.toMatchObject({ code: '42501' });
});

it('shows it its own members, and nothing of what belongs to people or the server', async () => {
  const users = await database.forOrganization(own.organizationId, (knex) => knex('users').pluck('id'));
  expect(users).toHaveLength(2);
  expect(users).not.toContain(other.userId);
  for (const table of OF_NO_ORGANIZATION) {
    const seen = await database.forOrganization(own.organizationId, (knex) => knex(table));
    expect([table, seen]).toEqual([table, []]);
  }
});

it('shows nothing to a connection that says no organization', async () => {
  for (const table of await tables()) {
    const seen = await database.forOrganization('', (knex) => knex(table));
    expect([table, seen]).toEqual([table, []]);
  }
});
