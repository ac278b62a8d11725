import { expect, it } from 'vitest';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { logIn, PASSWORD, signUp, someEmail } from '../../test-support/person.ts';

const PROFILE = '/api/v1/auth/profile';
const NEW_PASSWORD = 'another pass phrase entirely 9';

describeAccounts('a profile', (suite) => {
  it('changes its names at once, and its address when the new one is verified', async () => {
    const person = await signUp(suite.server);
    const [before, after] = [person.email, someEmail('new')];
    const asked = { first_name: 'Ada', last_name: 'King', email: after, current_password: PASSWORD };
    expect((await person.call('PUT', PROFILE, asked)).body).toMatchObject({ email: before, last_name: 'King' });
    const { token } = await suite.server.outbox.next(after);
    const reset = await suite.auth('forgot-password', { email: before });
    expect(reset.status).toBe(202);
    const old = await suite.server.outbox.next(before);
    expect((await suite.auth('verify-email', { token })).body).toEqual({ email: after, purpose: 'email_change' });
    expect((await suite.server.outbox.next(before)).text).toContain(after);
    expect((await suite.auth('reset-password', { token: old.token, password: NEW_PASSWORD })).body.error.code).toBe(
      'LINK_INVALID',
    );
    expect((await suite.auth('login', { email: before, password: PASSWORD })).body.error.code).toBe(
      'CREDENTIALS_WRONG',
    );
    await logIn(suite.server, after);
  });

  it('does not take an address that is somebody else’s, and does not tell', async () => {
    const [person, other] = [await signUp(suite.server), await signUp(suite.server)];
    const asked = { email: other.email, current_password: PASSWORD };
    const { status, body } = await person.call('PUT', PROFILE, asked);
    expect([status, body.email]).toEqual([200, person.email]);
    expect((await suite.server.outbox.next(other.email)).subject).toContain('already');
  });

  it('changes its password with the current one, and ends every other session', async () => {
    const person = await signUp(suite.server);
    const other = await logIn(suite.server, person.email);
    const without = await person.call('PUT', PROFILE, { new_password: NEW_PASSWORD });
    expect(without.body.error).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('current_password'),
    });
    const wrong = await person.call('PUT', PROFILE, { new_password: NEW_PASSWORD, current_password: NEW_PASSWORD });
    expect(wrong.body.error.code).toBe('CREDENTIALS_WRONG');
    const weak = { new_password: 'password1234', current_password: PASSWORD, first_name: 'Nobody' };
    expect((await person.call('PUT', PROFILE, weak)).body.error.code).toBe('PASSWORD_REFUSED');
    const changed = { new_password: NEW_PASSWORD, current_password: PASSWORD };
    expect((await person.call('PUT', PROFILE, changed)).body.first_name).toBe('Ada');
    expect((await person.call('GET', PROFILE)).status).toBe(200);
    expect((await other.call('GET', PROFILE)).body.error.code).toBe('SESSION_EXPIRED');
    expect((await suite.server.outbox.next(person.email)).subject).toContain('was changed');
    await logIn(suite.server, person.email, NEW_PASSWORD);
  });

  it('of a token is its holder, and is not changed with it', async () => {
    const { body } = await suite.server.request('GET', PROFILE).then(async (answer) => ({ body: await answer.json() }));
    expect(body).toMatchObject({ email: null, authenticated_by: 'token', organization: { role: 'owner' } });
    expect((await suite.server.request('PUT', PROFILE, { first_name: 'x' })).status).toBe(403);
  });
});
