import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, expect, it, vi } from 'vitest';
import { SessionTokens } from '#core/protocol/accounts.ts';
import { SessionRepository } from '../../db/session-repository.ts';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { logIn, PASSWORD, type Person, signUp, someEmail } from '../../test-support/person.ts';
import { startTestServer } from '../../test-support/test-server.ts';

const PROFILE = '/api/v1/auth/profile';
const NEW_PASSWORD = 'another pass phrase entirely 9';

afterEach(() => {
  vi.useRealTimers();
});

describeAccounts('sessions', (suite) => {
  const refresh = (token: string) => suite.auth('refresh', { refresh_token: token });
  const statusOf = async (person: Person) => (await person.call('GET', PROFILE)).status;
  const codeOf = async (person: Person) => (await person.call('GET', PROFILE)).body.error?.code;

  it('go on with a new refresh token each time', async () => {
    const person = await signUp(suite.server);
    for (let turn = 0; turn < 3; turn++) {
      const { status, body } = await refresh(person.tokens.refresh_token);
      expect(status).toBe(200);
      expect(body.refresh_token).not.toBe(person.tokens.refresh_token);
      person.tokens = SessionTokens.parse(body);
      expect(await statusOf(person)).toBe(200);
    }
  });

  it('let two processes refresh at once, and find out a thief at the next refresh', async () => {
    const person = await signUp(suite.server);
    const both = await Promise.all([refresh(person.tokens.refresh_token), refresh(person.tokens.refresh_token)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    const [first, second] = both.map(({ body }) => SessionTokens.parse(body).refresh_token);
    expect((await refresh(first ?? '')).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11_000 });
    expect((await refresh(second ?? '')).body.error.code).toBe('SESSION_EXPIRED');
    expect(await codeOf(person)).toBe('SESSION_EXPIRED');
    const events = await suite.database.knex('audit').where({ organization_id: person.organizationId }).pluck('action');
    expect(events).toContain('session.reuse_detected');
  });

  it('end as a whole when an old refresh token comes again', async () => {
    const person = await signUp(suite.server);
    const next = SessionTokens.parse((await refresh(person.tokens.refresh_token)).body);
    const last = SessionTokens.parse((await refresh(next.refresh_token)).body);
    // Two generations old: no grace, however soon.
    expect((await refresh(person.tokens.refresh_token)).body.error.code).toBe('SESSION_EXPIRED');
    expect((await refresh(last.refresh_token)).body.error.code).toBe('SESSION_EXPIRED');
    person.tokens = last;
    expect(await codeOf(person)).toBe('SESSION_EXPIRED');
  });

  it('of a hundred refreshes at once never lose the session, nor make it two', async () => {
    const person = await signUp(suite.server);
    const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(person.tokens.refresh_token)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const generations = await suite.database.knex('sessions').where({ user_id: person.userId }).pluck('generation');
    expect(generations.map(Number)).toEqual([2]);
  });

  it('go from one generation to the next once, however late a slow refresh comes', async () => {
    const person = await signUp(suite.server);
    const records = new SessionRepository(suite.database);
    const [session] = await records.listOf(person.userId);
    if (session === undefined) throw new Error('no session');
    const { knex } = suite.database;
    expect([await records.advance(knex, session), await records.advance(knex, session)]).toEqual([true, false]);
  });

  it('end by logging out, one or all of them', async () => {
    const person = await signUp(suite.server);
    const [second, third] = [await logIn(suite.server, person.email), await logIn(suite.server, person.email)];
    expect((await person.call('POST', '/api/v1/auth/logout', {})).status).toBe(204);
    expect([await codeOf(person), await statusOf(second)]).toEqual(['SESSION_EXPIRED', 200]);
    expect((await refresh(person.tokens.refresh_token)).body.error.code).toBe('SESSION_EXPIRED');
    // With the refresh token alone, as after an access token has expired.
    const all = { refresh_token: second.tokens.refresh_token, all: true };
    expect((await suite.auth('logout', all)).status).toBe(204);
    expect([await codeOf(second), await codeOf(third)]).toEqual(['SESSION_EXPIRED', 'SESSION_EXPIRED']);
    expect((await suite.auth('logout', all)).status).toBe(204);
  });

  it('are listed, and ended one by one', async () => {
    const person = await signUp(suite.server);
    const other = await logIn(suite.server, person.email);
    const { body } = await person.call('GET', '/api/v1/auth/sessions');
    expect(body.sessions).toHaveLength(2);
    const { id } = body.sessions.find(({ current }: { current: boolean }) => !current);
    expect((await person.call('DELETE', `/api/v1/auth/sessions/${id}`)).status).toBe(204);
    expect([await codeOf(other), await statusOf(person)]).toEqual(['SESSION_EXPIRED', 200]);
    const stranger = await signUp(suite.server);
    const theirs = body.sessions.find(({ current }: { current: boolean }) => current).id;
    expect((await stranger.call('DELETE', `/api/v1/auth/sessions/${theirs}`)).status).toBe(404);
  });

  it('all end with a new password by mail, once', async () => {
    const person = await signUp(suite.server);
    const known = await suite.auth('forgot-password', { email: person.email });
    const unknown = await suite.auth('forgot-password', { email: someEmail() });
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    const { token } = await suite.server.outbox.next(person.email);
    expect((await suite.auth('reset-password', { token, password: 'password1234' })).body.error.code).toBe(
      'PASSWORD_REFUSED',
    );
    const tries = await Promise.all(
      Array.from({ length: 10 }, () => suite.auth('reset-password', { token, password: NEW_PASSWORD })),
    );
    expect(tries.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      204,
      ...Array.from({ length: 9 }, () => 400),
    ]);
    expect(await codeOf(person)).toBe('SESSION_EXPIRED');
    expect((await refresh(person.tokens.refresh_token)).body.error.code).toBe('SESSION_EXPIRED');
    expect((await suite.auth('login', { email: person.email, password: PASSWORD })).status).toBe(401);
    await logIn(suite.server, person.email, NEW_PASSWORD);
    expect((await suite.server.outbox.next(person.email)).subject).toContain('was changed');
  });

  it('take access tokens of their own making only', async () => {
    const person = await signUp(suite.server);
    const [header = '', payload = '', signature = ''] = person.tokens.access_token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
    const key = new Uint8Array(randomBytes(32));
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid }).sign(key);
    for (const token of [
      `${header}.${encode({ ...claims, sub: 'user_owner' })}.${signature}`,
      `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.`,
      ...[`${header}.${payload}.`, `${header}.${payload}`, 'ey', 'ey..', forged],
    ]) {
      person.tokens = { ...person.tokens, access_token: token };
      expect([token, await codeOf(person)]).toEqual([token, 'UNAUTHENTICATED']);
    }
  });

  it('forgive clocks that are ten seconds apart, not more', async () => {
    const person = await signUp(suite.server);
    const now = Date.now();
    for (const [laterS, status] of [
      [905, 200],
      [912, 401],
      [-5, 200],
      [-15, 401],
    ] as const) {
      vi.useFakeTimers({ toFake: ['Date'], now: now + laterS * 1000 });
      expect([laterS, await statusOf(person)]).toEqual([laterS, status]);
    }
  });

  it('go on when the secret is replaced, as long as the one before is given too', async () => {
    const [before, after] = ['x4fT9q!mZp2Lw8Rk0Vd6Yh3Nb7Jc5Gs1', 'Qp7!bN2xVz9Lk4Tf8Rw1Md6Yh3Jc5Gs0'];
    await using old = await startTestServer(suite.url, { env: { JWT_SECRET_KEY: before } });
    const person = await signUp(old);
    const withBoth = { JWT_SECRET_KEY: after, JWT_SECRET_KEY_PREVIOUS: before };
    await using next = await startTestServer(suite.url, { env: withBoth });
    await using last = await startTestServer(suite.url, { env: { JWT_SECRET_KEY: after } });
    const ask = async (url: string) => {
      const headers = { authorization: `Bearer ${person.tokens.access_token}` };
      return (await fetch(`${url}${PROFILE}`, { headers })).status;
    };
    expect([await ask(next.server.url), await ask(last.server.url)]).toEqual([200, 401]);
  });

  it('of another replica are over within seconds, and the secret is shared', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await using replica = await startTestServer(suite.url);
    const person = await signUp(suite.server);
    const there = async () => {
      const headers = { authorization: `Bearer ${person.tokens.access_token}` };
      return (await fetch(`${replica.server.url}${PROFILE}`, { headers })).status;
    };
    expect(await there()).toBe(200);
    await person.call('POST', '/api/v1/auth/logout', {});
    vi.advanceTimersByTime(5_001);
    expect(await there()).toBe(401);
  });
});
