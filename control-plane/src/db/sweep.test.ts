import { expect, it } from 'vitest';
import { describeAccounts } from '../test-support/account-suite.ts';
import { PASSWORD, signUp, someEmail } from '../test-support/person.ts';
import { sweep } from './sweep.ts';

const DAY_MS = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

describeAccounts('what is over', (suite) => {
  it('is taken away after a month, and nothing that goes on', async () => {
    const { database } = suite;
    const { knex } = database;
    const [gone, here] = [await signUp(suite.server), await signUp(suite.server)];
    await suite.auth('signup', { email: someEmail(), password: PASSWORD });
    await suite.auth('device_authorization', { client_id: 'custard-cli' });
    await here.call('POST', '/api/v1/invitations', { email: someEmail() });
    const count = async (table: string) => Number((await knex(table).count({ n: '*' }))[0]?.['n']);
    const tables = 'signups link_tokens device_grants mails sessions refresh_tokens invitations'.split(' ');
    const before = await Promise.all(tables.map(count));
    await sweep(database);
    expect(await Promise.all(tables.map(count))).toEqual(before);
    await knex('sessions')
      .where({ user_id: gone.userId })
      .update({ revoked_at: ago(31) });
    await knex('signups').update({ expires_at: ago(1) });
    await knex('link_tokens').update({ expires_at: ago(31) });
    await knex('device_grants').update({ expires_at: ago(1) });
    await knex('mails').update({ sent_at: ago(31) });
    await knex('invitations').update({ expires_at: ago(31) });
    await sweep(database);
    expect(await Promise.all(tables.map(count))).toEqual([0, 0, 0, 0, 1, 1, 0]);
    expect((await here.call('GET', '/api/v1/auth/profile')).status).toBe(200);
  });
});
