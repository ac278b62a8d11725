import { expect, it } from 'vitest';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { rowLines } from '../../test-support/fake-gateway.ts';
import { call, join, logIn, PASSWORD, signUp, someEmail } from '../../test-support/person.ts';
import { until } from '../../test-support/until.ts';

const MEMBERS = '/api/v1/members';
const INVITATIONS = '/api/v1/invitations';

describeAccounts('members', (suite) => {
  it('are invited by mail, with an account or without', async () => {
    const owner = await signUp(suite.server);
    const newcomer = await join(suite.server, owner, 'member');
    expect(newcomer.tokens.organization).toMatchObject({ id: owner.organizationId, role: 'member' });
    const known = await signUp(suite.server);
    await owner.call('POST', INVITATIONS, { email: known.email, role: 'viewer' });
    const mail = await suite.server.outbox.next(known.email);
    expect(mail.subject).toBe(`Ada invites you to Ada's organization on Custard`);
    const offer = await call(suite.server, 'POST', `${INVITATIONS}/find`, { token: mail.token });
    expect(offer.body).toMatchObject({ email: known.email, role: 'viewer', has_account: true });
    const accept = (password: string) =>
      call(suite.server, 'POST', `${INVITATIONS}/accept`, { token: mail.token, password });
    expect((await accept('not the password of it 1')).body.error.code).toBe('CREDENTIALS_WRONG');
    expect((await accept(PASSWORD)).body.organization).toMatchObject({ id: owner.organizationId, role: 'viewer' });
    expect((await accept(PASSWORD)).body.error.code).toBe('LINK_INVALID');
    const { body } = await owner.call('GET', MEMBERS);
    expect(body.members.map(({ role }: { role: string }) => role)).toEqual(['owner', 'member', 'viewer']);
    expect((await owner.call('GET', INVITATIONS)).body.invitations).toEqual([]);
    expect((await owner.call('POST', INVITATIONS, { email: known.email })).status).toBe(409);
  });

  it('come in once by an invitation, of a hundred at the same time', async () => {
    const owner = await signUp(suite.server);
    const email = someEmail();
    await owner.call('POST', INVITATIONS, { email });
    const { token } = await suite.server.outbox.next(email);
    const accept = () => call(suite.server, 'POST', `${INVITATIONS}/accept`, { token, password: PASSWORD });
    const answers = await Promise.all(Array.from({ length: 100 }, accept));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
    expect((await owner.call('GET', MEMBERS)).body.members).toHaveLength(2);
  });

  it('do not come in by an invitation that was taken back or replaced', async () => {
    const owner = await signUp(suite.server);
    const email = someEmail();
    const first = await owner.call('POST', INVITATIONS, { email });
    const replaced = await suite.server.outbox.next(email);
    const second = await owner.call('POST', INVITATIONS, { email, role: 'admin' });
    const taken = await suite.server.outbox.next(email);
    expect((await owner.call('DELETE', `${INVITATIONS}/${first.body.id}`)).status).toBe(404);
    expect((await owner.call('DELETE', `${INVITATIONS}/${second.body.id}`)).status).toBe(204);
    for (const { token } of [replaced, taken]) {
      const { body } = await call(suite.server, 'POST', `${INVITATIONS}/accept`, { token, password: PASSWORD });
      expect(body.error.code).toBe('LINK_INVALID');
    }
  });

  it('do not leave an organization without an owner, whoever goes at the same time', async () => {
    const owner = await signUp(suite.server);
    const mine = `${MEMBERS}/${owner.userId}`;
    expect((await owner.call('DELETE', mine)).body.error.code).toBe('CONFLICT');
    expect((await owner.call('PUT', mine, { role: 'admin' })).body.error.code).toBe('CONFLICT');
    const second = await join(suite.server, owner, 'owner');
    const answers = await Promise.all([
      owner.call('DELETE', mine),
      second.call('DELETE', `${MEMBERS}/${second.userId}`),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
  });

  it('raise nobody above themselves', async () => {
    const owner = await signUp(suite.server);
    const admin = await join(suite.server, owner, 'admin');
    const member = await join(suite.server, owner, 'member');
    const path = `${MEMBERS}/${member.userId}`;
    expect((await admin.call('PUT', path, { role: 'owner' })).status).toBe(403);
    expect((await admin.call('POST', INVITATIONS, { email: someEmail(), role: 'owner' })).status).toBe(403);
    expect((await admin.call('PUT', `${MEMBERS}/${owner.userId}`, { role: 'viewer' })).status).toBe(403);
    expect((await admin.call('DELETE', `${MEMBERS}/${owner.userId}`)).status).toBe(403);
    expect((await member.call('PUT', path, { role: 'admin' })).status).toBe(403);
    expect((await admin.call('PUT', path, { role: 'admin' })).body.role).toBe('admin');
  });

  it('who are removed go on in an organization of their own', async () => {
    const owner = await signUp(suite.server);
    const member = await join(suite.server, owner, 'member');
    expect((await owner.call('DELETE', `${MEMBERS}/${member.userId}`)).status).toBe(204);
    expect((await member.call('GET', '/api/v1/connections')).body.error.code).toBe('SESSION_EXPIRED');
    const { body } = await suite.auth('refresh', { refresh_token: member.tokens.refresh_token });
    expect(body.organization).toMatchObject({ role: 'owner' });
    expect(body.organization.id).not.toBe(owner.organizationId);
    expect((await logIn(suite.server, member.email)).organizationId).toBe(body.organization.id);
  });

  it('who are removed while a result streams to them do not get its end', async () => {
    const owner = await signUp(suite.server);
    const member = await join(suite.server, owner, 'member');
    await owner.call('POST', '/api/v1/connections', { name: 'shop', db_type: 'POSTGRESQL' });
    const { gateway } = suite.server;
    const chunk = rowLines([['1']]);
    gateway.onRun = (_, signal) => ({
      columns: [{ name: 'n', type: 'int4', kind: 'integer' } as never],
      rows: 2,
      chunks: (async function* () {
        yield chunk;
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      })(),
    });
    const response = await fetch(`${suite.server.server.url}/api/v1/query`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${member.tokens.access_token}`, accept: 'application/x-ndjson' },
        'content-type': 'application/json',
      },
      body: JSON.stringify({ connection_id: 'shop', sql: 'SELECT 1 AS n' }),
    });
    const sent = await until('the statement at the agent', async () => gateway.sent.at(-1));
    await owner.call('DELETE', `${MEMBERS}/${member.userId}`);
    expect(sent.signal.reason).toMatchObject({ code: 'SESSION_EXPIRED' });
    expect(await response.text()).toContain('SESSION_EXPIRED');
  });
});
