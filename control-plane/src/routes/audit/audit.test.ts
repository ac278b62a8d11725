import { expect, it } from 'vitest';
import { AuditPage, AuditVerdict } from '#core/protocol/accounts.ts';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { signUp } from '../../test-support/person.ts';

const AUDIT = '/api/v1/audit';

describeAccounts('the audit log', (suite) => {
  it('holds what happened to accounts, page by page, and verifies', async () => {
    const person = await signUp(suite.server);
    await suite.auth('login', { email: person.email, password: 'not the password of it 1' });
    await person.call('POST', '/api/v1/tokens', { name: 'laptop' });
    const page = async (query: string) => AuditPage.parse((await person.call('GET', `${AUDIT}${query}`)).body);
    const whole = await page('');
    const actions = whole.entries.map(({ action }) => action);
    expect(actions).toEqual(['token.created', 'login.failed', 'session.opened', 'account.created']);
    expect(whole.next).toBeNull();
    const first = await page('?limit=3');
    expect(first.next).toBe(2);
    expect((await page(`?limit=3&before=${first.next}`)).entries).toEqual(whole.entries.slice(3));
    const verdict = AuditVerdict.parse((await person.call('GET', `${AUDIT}/verify`)).body);
    expect(verdict).toEqual({
      ok: true,
      entries: 4,
      broken_at: null,
      head: { sequence: 4, hash: whole.entries[0]?.hash },
    });
  });

  it.each(['?limit=0', '?limit=501', '?limit=x', '?before=-1', '?limit=1&limit=2', '?other=1'])(
    'refuses %s',
    async (query) => {
      const answer = await suite.server.request('GET', `${AUDIT}${query}`);
      expect(answer.status).toBe(400);
    },
  );
});
