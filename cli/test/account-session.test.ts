import { chmod, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AccessTokens } from '#control-plane/identity/access-token.ts';
import { logIn, PASSWORD, type Person } from '#control-plane/test-support/person.ts';
import { type AccountBench, openAccountBench } from './account-bench.ts';
import { runCommand } from './run-command.ts';
import { runInTerminal } from './run-in-terminal.ts';
import { startDeviceLogin } from './start-device-login.ts';

/** What becomes of a log-in: refreshed, ended elsewhere, damaged, out of reach. Each test begins logged in. */
let bench: AccountBench;
let kept = '';
beforeAll(async () => {
  bench = await openAccountBench();
  await bench.becomeSomebody();
  kept = await readFile(bench.credentials, 'utf8');
});
afterAll(() => bench[Symbol.asyncDispose]());

beforeEach(async () => {
  await writeFile(bench.credentials, kept);
  await chmod(bench.credentials, 0o600);
});

const refreshTokenOf = (file: string) => JSON.parse(file).servers[bench.url].credential.refresh_token;

test('eight processes that find the access token expired at once all succeed, with one refresh', async () => {
  const refreshes = () => bench.inRecords(async ({ knex }) => (await knex('refresh_tokens')).length);
  const before = await refreshes();
  await bench.alter((credential) => {
    credential['access_expires_at'] = '2020-01-01T00:00:00.000Z';
  });
  const runs = await Promise.all(Array.from({ length: 8 }, () => bench.run(['org', 'list', '-o', 'csv'])));
  expect(runs.map(({ status, stderr }) => ({ status, stderr }))).toEqual(runs.map(() => ({ status: 0, stderr: '' })));
  const after = await readFile(bench.credentials, 'utf8');
  expect(refreshTokenOf(after)).not.toBe(refreshTokenOf(kept));
  expect(await refreshes()).toBe(before + 1);
  kept = after;
});

test('an access token that the server finds expired is replaced, for the live status too', async () => {
  const expired = await expiredAccessToken();
  await bench.alter((credential) => {
    credential['access_token'] = expired;
  });
  expect(await bench.run(['connections', 'status', '--json'])).toMatchObject({ status: 0, stderr: '' });
  kept = await readFile(bench.credentials, 'utf8');
  expect(kept).not.toContain(expired);
});

/** Of the person's own session, made by the server's secret twenty minutes ago. */
async function expiredAccessToken(): Promise<string> {
  const [, claims = ''] = JSON.parse(kept).servers[bench.url].credential.access_token.split('.');
  const { sub: userId, sid: sessionId, org: organizationId } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 20 * 60_000 });
  try {
    return await new AccessTokens(bench.secret, null).sign({ userId, sessionId, organizationId });
  } finally {
    vi.useRealTimers();
  }
}

test.each([
  ['is no JSON', '{"version":', 0o600, /cannot be read.*\nRemove it and log in again: rm .*credentials\.json/],
  ['is of another version', '{"version":2,"servers":{}}', 0o600, /cannot be read/],
  ['may be opened by others', '{"version":1,"servers":{}}', 0o644, /other users may open it.*\nRun: chmod 600/],
])('a file that %s is named, with what to do, before anything is typed', async (_, text, mode, message) => {
  await writeFile(bench.credentials, text);
  await chmod(bench.credentials, mode);
  const [list, login] = await Promise.all([bench.run(['org', 'list']), bench.logIn()]);
  for (const { status, stderr } of [list, login]) expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
});

test('a session that was ended elsewhere says to log in again, and so does its refresh token', async () => {
  const person = await logIn(bench.server, bench.email);
  const { sessions } = (await person.call('GET', '/api/v1/auth/sessions')).body;
  expect(sessions).toContainEqual(expect.objectContaining({ client: expect.stringMatching(/^custard on \S+$/) }));
  await endAllBut(person, sessions);
  for (const args of [
    ['org', 'list'],
    ['connections', 'status'],
  ]) {
    expect(await bench.run(args)).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/\(SESSION_EXPIRED\)\nLog in again: custard login/),
    });
  }
  expect((await bench.logIn()).status).toBe(0);
  kept = await readFile(bench.credentials, 'utf8');
});

async function endAllBut(person: Person, sessions: readonly { id: string; current: boolean }[]): Promise<void> {
  for (const { id, current } of sessions) {
    if (!current) await person.call('DELETE', `/api/v1/auth/sessions/${id}`);
  }
}

test('a server that cannot be reached keeps the log-in; logging out then says what is left to do', async () => {
  const url = 'http://127.0.0.1:9';
  const file = JSON.parse(kept);
  file.servers = { [url]: file.servers[bench.url] };
  await writeFile(bench.credentials, JSON.stringify(file));
  const away = { ...bench.sandbox, env: { ...bench.sandbox.env, CUSTARD_API_URL: url } };
  expect(await runCommand(['whoami'], away)).toMatchObject({ status: 3, stderr: expect.stringContaining(url) });
  expect(JSON.parse(await readFile(bench.credentials, 'utf8'))).toEqual(file);
  const left = await runCommand(['logout'], away);
  expect([left.status, left.stderr]).toEqual([
    3,
    expect.stringMatching(/Logged out on this machine only[\s\S]*custard login && custard logout --all/),
  ]);
  expect(JSON.parse(await readFile(bench.credentials, 'utf8')).servers).toEqual({});
});

test('a device is let in by a session in a browser', async () => {
  const { address, code, ended } = await startDeviceLogin(bench.sandbox);
  expect(address).toBe(`${bench.url}/device`);
  const person = await logIn(bench.server, bench.email);
  expect((await person.call('POST', '/api/v1/auth/device/approve', { user_code: code })).status).toBe(204);
  const { status, stdout } = await ended;
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'custard.login/1', data: { email: bench.email, kept: 'file' } });
  kept = await readFile(bench.credentials, 'utf8');
  expect((await bench.run(['whoami'])).status).toBe(0);
});

test('a device that was said no to is not let in', async () => {
  const { code, ended } = await startDeviceLogin(bench.sandbox);
  const person = await logIn(bench.server, bench.email);
  await person.call('POST', '/api/v1/auth/device/deny', { user_code: code });
  const { status, stdout } = await ended;
  expect([status, JSON.parse(stdout).error]).toEqual([
    4,
    expect.objectContaining({ message: expect.stringContaining('said no'), hint: 'Start again: custard login' }),
  ]);
});

test('nobody is asked anything where nobody is: the flags are named', async () => {
  const [browser, password, signup, token] = await Promise.all([
    bench.run(['login']),
    bench.run(['login', '--email', bench.email]),
    bench.run(['signup']),
    bench.run(['login', '--with-token'], 'not\na token\n'),
  ]);
  expect([browser.status, browser.stderr]).toEqual([2, expect.stringContaining('--email E --password-stdin')]);
  expect([password.status, password.stderr]).toEqual([2, expect.stringContaining('Give --password-stdin.')]);
  expect([signup.status, signup.stderr]).toEqual([2, expect.stringContaining('Give --email.')]);
  expect([token.status, token.stderr]).toEqual([2, expect.stringContaining('one line')]);
});

test('a token on standard input is kept like a session; what is not good is not kept', async () => {
  const bad = await bench.run(['login', '--with-token'], `custard_${'A'.repeat(36)}\n`);
  expect([bad.status, bad.stderr]).toEqual([4, expect.not.stringContaining('AAAA')]);
  const { status } = await bench.run(['login', '--with-token'], `${bench.server.token}\n`);
  expect(status).toBe(0);
  const { stdout } = await bench.run(['whoami', '-o', 'csv']);
  expect(stdout).toMatch(/,token,.*credentials\.json/);
  const out = await bench.run(['logout']);
  expect([out.status, out.stderr]).toEqual([0, expect.stringContaining('The token itself stays good')]);
});

test('a password is typed without being seen, at 40 columns; Ctrl-C leaves, a wrong one changes nothing', async () => {
  const args = ['login', '--email', bench.email];
  const typing = async (keys: string) => {
    const run = runInTerminal({ args, columns: 40, sandbox: bench.sandbox });
    await run.shows('Password: ');
    run.type(keys);
    return { status: await run.ended, output: run.output() };
  };
  expect((await typing('\u0003')).status).toBe(130);
  const wrong = await typing('wrong horse\r');
  expect([wrong.status, wrong.output]).toEqual([4, expect.not.stringContaining('horse')]);
  expect(await readFile(bench.credentials, 'utf8')).toBe(kept);
  const right = await typing(`${PASSWORD}\r`);
  expect([right.status, right.output]).toEqual([0, expect.not.stringContaining(PASSWORD)]);
  expect(right.output).toContain(`Logged in to ${new URL(bench.url).host} as ${bench.email}`);
});
