import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { freePort } from '../../test-support/free-port.ts';
import { PASSWORD, signUp, someEmail } from '../../test-support/person.ts';
import { startRedis } from '../../test-support/redis.ts';
import { metadataDatabase, startTestServer } from '../../test-support/test-server.ts';

const WRONG = 'not the password of it 1';

describeAccounts('those who guess', (suite) => {
  const logIn = (email: string, address: string, password = WRONG) =>
    suite.auth('login', { email, password }, { headers: { 'x-forwarded-for': address } });

  it('have to wait, the same for an account that is there and one that is not', async () => {
    const { email } = await signUp(suite.server);
    const seen = [];
    for (const [who, address] of [
      [email, '10.0.0.1'],
      [someEmail(), '10.0.0.2'],
    ] as const) {
      const answers = [];
      for (let turn = 0; turn < 8; turn++) answers.push(await logIn(who, address));
      const last = answers.at(-1);
      expect(last?.body.error).toMatchObject({
        code: 'RATE_LIMITED',
        retryable: true,
        hint: expect.stringContaining('Try again in'),
      });
      expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
      seen.push(answers.map(({ status }) => status));
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.slice(0, 6)).toEqual([401, 401, 401, 401, 401, 401]);
  });

  it('do not keep the owner of an account out, who is somewhere else', async () => {
    const { email } = await signUp(suite.server);
    for (let turn = 0; turn < 10; turn++) await logIn(email, '10.0.1.1');
    expect((await logIn(email, '10.0.1.1', PASSWORD)).status).toBe(429);
    expect((await logIn(email, '10.0.1.2', PASSWORD)).status).toBe(200);
  });

  it('of many accounts from one address have to wait too', async () => {
    const statuses = [];
    for (let turn = 0; turn < 54; turn++) statuses.push((await logIn(someEmail(), '10.0.2.1')).status);
    expect(statuses.slice(0, 51).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(51)).toContain(429);
  });

  it('cannot have somebody’s mailbox filled', async () => {
    const { email } = await signUp(suite.server);
    const statuses = [];
    for (let turn = 0; turn < 6; turn++) statuses.push((await suite.auth('forgot-password', { email })).status);
    // One was the sign-up itself.
    expect(statuses).toEqual([202, 202, 202, 429, 429, 429]);
  });
});

it('are counted by all servers together with Redis', async () => {
  await using redis = await startRedis(await freePort());
  await using metadata = await metadataDatabase('sqlite');
  await using one = await startTestServer(metadata.url, { env: { REDIS_URL: redis.url } });
  await using two = await startTestServer(metadata.url, { env: { REDIS_URL: redis.url }, token: one.token });
  const email = someEmail();
  const guess = async (server: typeof one) => {
    const init = { headers: { 'x-forwarded-for': '10.0.3.1' } };
    return (await server.request('POST', '/api/v1/auth/login', { email, password: WRONG }, init)).status;
  };
  const statuses = [];
  for (let turn = 0; turn < 8; turn++) statuses.push(await guess(turn % 2 === 0 ? one : two));
  expect(statuses.slice(0, 6)).toEqual([401, 401, 401, 401, 401, 401]);
  expect(statuses.slice(6)).toContain(429);
});

it('a mail server that hangs slows no request and loses no mail', async () => {
  const deaf = createServer(() => undefined);
  await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', () => resolve()));
  const address = deaf.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  await using metadata = await metadataDatabase('sqlite');
  await using server = await startTestServer(metadata.url, { env: { SMTP_URL: `smtp://127.0.0.1:${port}` } });
  const body = { email: someEmail(), password: PASSWORD };
  const answer = await server.request('POST', '/api/v1/auth/signup', body, { signal: AbortSignal.timeout(5_000) });
  expect(answer.status).toBe(202);
  deaf.close();
});
