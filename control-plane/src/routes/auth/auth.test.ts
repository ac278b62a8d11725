import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../db/database.ts';
import { call as callServer, logIn, PASSWORD, signUp, someEmail } from '../../test-support/person.ts';
import {
  ENGINES,
  type MetadataDatabase,
  metadataDatabase,
  startTestServer,
  type TestServer,
} from '../../test-support/test-server.ts';

describe.each(ENGINES)('accounts on %s', (engine) => {
  let metadata: MetadataDatabase;
  let server: TestServer;
  beforeAll(async () => {
    metadata = await metadataDatabase(engine);
    server = await startTestServer(metadata.url);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await metadata?.[Symbol.asyncDispose]();
  });

  const auth = (verb: string, body: unknown, init?: RequestInit) =>
    callServer(server, 'POST', `/api/v1/auth/${verb}`, body, init);

  it('are made by a sign-up and the link in the mail, with an organization of their own', async () => {
    const email = someEmail();
    const names = { first_name: 'Grace', last_name: 'Hopper', organization: 'Compilers' };
    const signedUp = await auth('signup', { email: email.toUpperCase(), password: PASSWORD, ...names });
    expect(signedUp).toMatchObject({ status: 202, body: { status: 'mail_queued' } });
    expect((await auth('login', { email, password: PASSWORD })).body.error.code).toBe('EMAIL_NOT_VERIFIED');
    expect((await auth('login', { email, password: `${PASSWORD}.` })).body.error.code).toBe('CREDENTIALS_WRONG');
    const mail = await server.outbox.next(email);
    expect(mail.text).toContain(`${server.server.url}/verify-email?token=${mail.token}`);
    expect(await auth('verify-email', { token: mail.token })).toMatchObject({
      status: 200,
      body: { email, purpose: 'signup' },
    });
    const { tokens, call } = await logIn(server, email);
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 900,
      organization: { name: 'Compilers', role: 'owner' },
    });
    const profile = await call.call({ tokens } as never, 'GET', '/api/v1/auth/profile');
    expect(profile.body).toMatchObject({
      email,
      first_name: 'Grace',
      last_name: 'Hopper',
      authenticated_by: 'session',
    });
  });

  it('answer a sign-up the same when there is one already, and change nothing', async () => {
    const { email } = await signUp(server);
    const again = await auth('signup', { email, password: 'another pass phrase entirely 9' });
    const fresh = await auth('signup', { email: someEmail(), password: 'another pass phrase entirely 9' });
    expect([again.status, again.body]).toEqual([fresh.status, fresh.body]);
    expect((await server.outbox.next(email)).subject).toContain('already');
    await logIn(server, email);
  });

  it('take a link once, of a hundred at the same time', async () => {
    const email = someEmail();
    await auth('signup', { email, password: PASSWORD });
    const { token } = await server.outbox.next(email);
    const answers = await Promise.all(Array.from({ length: 100 }, () => auth('verify-email', { token })));
    const statuses = Map.groupBy(answers, ({ status }) => status);
    expect(statuses.get(200)).toHaveLength(1);
    expect([...statuses.keys()].every((status) => status < 500)).toBe(true);
    const database = await openDatabase(metadata.url);
    expect(await database.knex('users').where({ email })).toHaveLength(1);
    expect(await database.knex('signups').where({ email })).toHaveLength(0);
    await database.close();
  });
});
