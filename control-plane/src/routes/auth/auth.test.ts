import { expect, it } from 'vitest';
import { VerifiedEmail } from '#core/protocol/accounts.ts';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { call, logIn, PASSWORD, signUp, someEmail } from '../../test-support/person.ts';

const OTHER = 'another pass phrase entirely 9';

describeAccounts('accounts', (suite) => {
  it('are made by a sign-up and the link in the mail, with an organization of their own', async () => {
    const email = someEmail();
    const names = { first_name: 'Grace', last_name: 'Hopper', organization: 'Compilers' };
    const signedUp = await suite.auth('signup', { email: email.toUpperCase(), password: PASSWORD, ...names });
    expect(signedUp).toMatchObject({ status: 202, body: { status: 'mail_queued' } });
    expect((await suite.auth('login', { email, password: PASSWORD })).body.error.code).toBe('EMAIL_NOT_VERIFIED');
    expect((await suite.auth('login', { email, password: OTHER })).body.error.code).toBe('CREDENTIALS_WRONG');
    const mail = await suite.server.outbox.next(email);
    expect(mail.text).toContain(`${suite.server.server.url}/verify-email?token=${mail.token}`);
    const verified = await suite.auth('verify-email', { token: mail.token });
    expect(VerifiedEmail.parse(verified.body)).toEqual({ email, purpose: 'signup' });
    const person = await logIn(suite.server, email);
    expect(person.tokens).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    expect(person.tokens.organization).toMatchObject({ name: 'Compilers', role: 'owner' });
    const { body } = await person.call('GET', '/api/v1/auth/profile');
    expect(body).toMatchObject({ email, first_name: 'Grace', last_name: 'Hopper', authenticated_by: 'session' });
  });

  it('answer a sign-up the same when there is one already, and change nothing', async () => {
    const { email } = await signUp(suite.server);
    const again = await suite.auth('signup', { email, password: OTHER });
    const fresh = await suite.auth('signup', { email: someEmail(), password: OTHER });
    expect([again.status, again.body]).toEqual([fresh.status, fresh.body]);
    expect((await suite.server.outbox.next(email)).subject).toContain('already');
    await logIn(suite.server, email);
  });

  it('are not for the taking: of two who sign up with one address the one who reads its mail gets it', async () => {
    const email = someEmail();
    await suite.auth('signup', { email, password: OTHER, first_name: 'Thief' });
    const theirs = await suite.server.outbox.next(email);
    await suite.auth('signup', { email, password: PASSWORD, first_name: 'Owner' });
    const own = await suite.server.outbox.next(email);
    expect((await suite.auth('verify-email', { token: own.token })).status).toBe(200);
    expect((await suite.auth('verify-email', { token: theirs.token })).body.error.code).toBe('LINK_INVALID');
    expect((await suite.auth('login', { email, password: OTHER })).body.error.code).toBe('CREDENTIALS_WRONG');
    await logIn(suite.server, email);
  });

  it('send the verification again for who waits for it, and say the same for who does not', async () => {
    const email = someEmail();
    await suite.auth('signup', { email, password: PASSWORD });
    await suite.server.outbox.next(email);
    const again = await suite.auth('resend-verification', { email });
    const unknown = await suite.auth('resend-verification', { email: someEmail() });
    expect([again.status, again.body]).toEqual([unknown.status, unknown.body]);
    const { token } = await suite.server.outbox.next(email);
    expect((await suite.auth('verify-email', { token })).status).toBe(200);
  });

  it('take a link once, of a hundred at the same time', async () => {
    const email = someEmail();
    await suite.auth('signup', { email, password: PASSWORD });
    const { token } = await suite.server.outbox.next(email);
    const answers = await Promise.all(Array.from({ length: 100 }, () => suite.auth('verify-email', { token })));
    const codes = answers.map(({ status, body }) => (status === 200 ? 'done' : body.error.code));
    expect(codes.filter((code) => code === 'done')).toHaveLength(1);
    expect(codes.filter((code) => code === 'LINK_INVALID')).toHaveLength(99);
    expect(await suite.database.knex('users').where({ email })).toHaveLength(1);
    expect(await suite.database.knex('signups').where({ email })).toHaveLength(0);
  });

  it('take no link that is too old or not theirs', async () => {
    const email = someEmail();
    await suite.auth('signup', { email, password: PASSWORD });
    const { token } = await suite.server.outbox.next(email);
    await suite.database.knex('link_tokens').where({ email }).update({ expires_at: new Date().toISOString() });
    for (const one of [token, 'A'.repeat(43)])
      expect((await suite.auth('verify-email', { token: one })).body.error).toMatchObject({ code: 'LINK_INVALID' });
    expect((await suite.auth('reset-password', { token, password: OTHER })).body.error.code).toBe('LINK_INVALID');
  });

  it.each([
    ['short', 'Kx8#mQ2pLw9'],
    ['common', 'qwertyuiop123'],
    ['made of common words and years', 'Monkey-2024!'],
    ['made of their own name', 'Lovelace1815'],
    ['one word again and again', 'gravelgravelgravel'],
  ])('refuse a password that is %s', async (_, password) => {
    const { status, body } = await suite.auth('signup', { email: someEmail(), password, last_name: 'Lovelace' });
    expect([status, body.error.code]).toEqual([400, 'PASSWORD_REFUSED']);
    expect(body.error.hint).toContain('unrelated words');
  });

  it('take a pass phrase of 1024 bytes whole, and none that is longer', async () => {
    const email = someEmail();
    const password = 'gravel otter lantern 73 quilt é '
      .repeat(31)
      .slice(0, -1)
      .padEnd(1024 - 31, '#');
    expect(Buffer.byteLength(password)).toBe(1024);
    await suite.auth('signup', { email, password });
    await suite.auth('verify-email', { token: (await suite.server.outbox.next(email)).token });
    await logIn(suite.server, email, password);
    const cut = await suite.auth('login', { email, password: password.slice(0, -1) });
    expect(cut.body.error.code).toBe('CREDENTIALS_WRONG');
    expect((await suite.auth('signup', { email, password: `${password}#` })).body.error.code).toBe('INVALID_REQUEST');
  });

  it('know one address however it is written, and refuse what only looks like it', async () => {
    const { email } = await signUp(suite.server, someEmail('alan'));
    await logIn(suite.server, `  ${email.toUpperCase().replace('ALAN', 'ＡＬＡＮ')}`);
    const cyrillic = await suite.auth('login', { email: email.replace('a', '\u0430'), password: PASSWORD });
    expect(cyrillic.body.error).toMatchObject({ code: 'INVALID_REQUEST', hint: expect.stringContaining('accents') });
    const domain = await suite.auth('login', { email: email.replace('example', 'ex\u0430mple'), password: PASSWORD });
    expect(domain.body.error.code).toBe('CREDENTIALS_WRONG');
  });

  it('hash a password anew when its costs are those of another day', async () => {
    const { email } = await signUp(suite.server);
    const { hash } = await import('@node-rs/argon2');
    const weak = await hash(PASSWORD, { memoryCost: 8192, timeCost: 1 });
    await suite.database.knex('users').where({ email }).update({ password_hash: weak });
    await logIn(suite.server, email);
    const [stored] = await suite.database.knex('users').where({ email }).pluck('password_hash');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await logIn(suite.server, email);
  });

  it('store nothing that lets anybody in', async () => {
    const { email, tokens } = await signUp(suite.server);
    await suite.auth('forgot-password', { email });
    const { token } = await suite.server.outbox.next(email);
    const names = 'users signups link_tokens sessions refresh_tokens mails audit'.split(' ');
    const rows = JSON.stringify(await Promise.all(names.map((name) => suite.database.knex(name))));
    for (const secret of [PASSWORD, token, tokens.refresh_token, tokens.access_token])
      expect(rows).not.toContain(secret);
  });
});

describeAccounts(
  'a server for invited people',
  (suite) => {
    it('takes no sign-ups', async () => {
      const { status, body } = await suite.auth('signup', { email: someEmail(), password: PASSWORD });
      expect([status, body.error.code]).toEqual([403, 'FORBIDDEN']);
    });

    it('lets the holder of the first token invite its first owner', async () => {
      const email = someEmail();
      const invited = await suite.server.request('POST', '/api/v1/invitations', { email, role: 'owner' });
      expect(invited.status).toBe(201);
      const { token } = await suite.server.outbox.next(email);
      const { body } = await call(suite.server, 'POST', '/api/v1/invitations/accept', { token, password: PASSWORD });
      expect(body.organization).toMatchObject({ id: 'org_default', role: 'owner' });
    });
  },
  { env: { SIGNUP: 'invited' } },
);
