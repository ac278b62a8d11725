import { expect, it } from 'vitest';
import { UsedOrganization } from '#core/protocol/accounts.ts';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { join, logIn, signUp } from '../../test-support/person.ts';

const ORGANIZATIONS = '/api/v1/organizations';

describeAccounts('organizations', (suite) => {
  it('are made, listed, renamed and used', async () => {
    const person = await signUp(suite.server);
    const first = person.organizationId;
    const { status, body: second } = await person.call('POST', ORGANIZATIONS, { name: 'Analytical Engines' });
    expect([status, second.role]).toEqual([201, 'owner']);
    const listed = await person.call('GET', ORGANIZATIONS);
    expect(listed.body.organizations.map(({ id }: { id: string }) => id)).toEqual([first, second.id]);
    expect(listed.body.current).toBe(first);
    const used = UsedOrganization.parse((await person.call('POST', `${ORGANIZATIONS}/${second.id}/use`)).body);
    expect((await person.call('GET', ORGANIZATIONS)).body.error.code).toBe('SESSION_EXPIRED');
    person.tokens = { ...person.tokens, access_token: used.access_token };
    expect((await person.call('GET', ORGANIZATIONS)).body.current).toBe(second.id);
    expect((await person.call('PUT', `${ORGANIZATIONS}/${second.id}`, { name: 'Engines' })).body.name).toBe('Engines');
    // Only the one that is in use.
    expect((await person.call('PUT', `${ORGANIZATIONS}/${first}`, { name: 'x' })).status).toBe(404);
    expect((await suite.auth('refresh', { refresh_token: person.tokens.refresh_token })).body.organization.id).toBe(
      second.id,
    );
    expect((await logIn(suite.server, person.email)).organizationId).toBe(second.id);
  });

  it('of others are as if they were not there', async () => {
    const [person, other] = [await signUp(suite.server), await signUp(suite.server)];
    for (const id of [other.organizationId, 'org_nothing']) {
      expect((await person.call('GET', `${ORGANIZATIONS}/${id}`)).body.error).toMatchObject({
        ...{ code: 'NOT_FOUND', message: 'There is no organization of that id.' },
      });
      expect((await person.call('POST', `${ORGANIZATIONS}/${id}/use`)).status).toBe(404);
    }
  });

  it('are renamed by owners alone', async () => {
    const owner = await signUp(suite.server);
    const admin = await join(suite.server, owner, 'admin');
    expect((await admin.call('PUT', `${ORGANIZATIONS}/${owner.organizationId}`, { name: 'x' })).status).toBe(403);
  });
});
