import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logIn, PASSWORD } from '#control-plane/test-support/person.ts';
import { type AccountBench, openAccountBench } from './account-bench.ts';
import { runCommand } from './run-command.ts';

/** One person's way through the commands, in order: each test goes on where the one before it stopped. */
let bench: AccountBench;
beforeAll(async () => {
  bench = await openAccountBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const run = (...args: string[]) => bench.run(args);
async function json(...args: string[]) {
  const { status, stdout, stderr } = await run(...args, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { schema, data } = JSON.parse(stdout);
  return { schema, data };
}

test('whoever is not logged in is told how, and finds what was asked in the hint', async () => {
  const { status, stdout, stderr } = await run('ask', '-c', 'shop', "how many Müller's?");
  expect([status, stdout]).toEqual([4, '']);
  expect(stderr).toContain(`error: Nobody is logged in to ${bench.url} here. (UNAUTHENTICATED)\n`);
  expect(stderr).toContain(`custard login`);
  expect(stderr).toContain(`Then ask again: custard ask -c shop 'how many Müller'\\''s?'`);
  const piped = await bench.run(['ask', '-'], 'piped in');
  expect(piped.stderr).toContain(`custard ask 'piped in'`);
  expect((await run('whoami')).status).toBe(4);
});

test('a sign-up, the link in its mail, and a log-in with the password on standard input', async () => {
  const names = ['--first-name', 'Ädä', '--organization', 'Größe 日本'];
  const signedUp = await bench.run(
    ['signup', '--email', bench.email, '--password-stdin', ...names, '--json'],
    `${PASSWORD}\n`,
  );
  expect(JSON.parse(signedUp.stdout)).toMatchObject({
    schema: 'custard.mail-queued/1',
    data: { status: 'mail_queued' },
  });
  const early = await bench.logIn();
  expect(early).toMatchObject({ status: 4, stderr: expect.stringMatching(/EMAIL_NOT_VERIFIED[\s\S]*--resend/) });
  const first = await bench.server.outbox.next(bench.email);
  expect((await run('signup', '--resend', bench.email)).status).toBe(0);
  const { token } = await bench.server.outbox.next(bench.email);
  expect(token).not.toBe(first.token);
  const verified = await bench.server.request('POST', '/api/v1/auth/verify-email', { token });
  expect(verified.status).toBe(200);
  const { status, stdout, stderr } = await bench.logIn();
  expect([status, stdout]).toEqual([0, '']);
  expect(stderr).toBe(
    `warning: No keyring here: the log-in is kept in ${bench.credentials}, which only you may open.\n`,
  );
});

test('what is kept is for its owner alone, and the address is in the configuration', async () => {
  expect((await stat(bench.credentials)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(bench.credentials))).mode & 0o777).toBe(0o700);
  const config = await readFile(join(dirname(bench.credentials), 'config.toml'), 'utf8');
  expect(config).toBe(`api_url = "${bench.url}"\n`);
});

test('whoami says who, where and how long, and says nothing of files any more', async () => {
  const { schema, data } = await json('whoami');
  expect(schema).toBe('custard.whoami/1');
  expect(data).toMatchObject({
    ...{ email: bench.email, first_name: 'Ädä', organization: { name: 'Größe 日本', role: 'owner' } },
    ...{ authenticated_by: 'session', kept: 'file', path: bench.credentials, server: bench.url },
  });
  expect(Date.parse(data.expires_at)).toBeGreaterThan(Date.now());
});

test('connections are made, and their keys rotated', async () => {
  expect((await json('connections', 'create', 'shop', '--kind', 'postgres')).data.name).toBe('shop');
  const { stdout } = await run('connections', 'rotate-key', 'shop', '--grace', '1h');
  expect(stdout).toMatch(/^custard_\w{36}\n$/);
  const rotated = await json('connections', 'rotate-key', 'shop', '--grace', '0', '--target', 'compose');
  expect(rotated.data).toMatchObject({ connection: 'shop', grace_minutes: 0 });
  expect(rotated.data.agent_command).toContain(rotated.data.api_key);
  const wrong = await run('connections', 'rotate-key', 'shop', '--grace', '8d');
  expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('at most 7d') });
});

test('a token is printed alone, works as CUSTARD_TOKEN, and stops when it is revoked', async () => {
  const { stdout: printed } = await run('token', 'create', 'nächtlich', '--expires', '1d');
  expect(printed).toMatch(/^custard_\w{36}\n$/);
  const env = { ...bench.sandbox.env, CUSTARD_TOKEN: printed.trim() };
  const asToken = (...args: string[]) => runCommand(args, { ...bench.sandbox, env });
  expect((await asToken('connections', 'list', '-o', 'csv')).stdout).toMatch(/\nshop,postgres,/);
  expect(JSON.parse((await asToken('whoami', '--json')).stdout).data).toMatchObject({
    ...{ authenticated_by: 'token', kept: 'environment', permissions: ['query', 'connections:read'] },
  });
  expect(await asToken('token', 'list')).toMatchObject({
    status: 5,
    stderr: expect.stringContaining('--scope tokens:write'),
  });
  const { data } = await json('token', 'list');
  expect(data).toEqual([expect.objectContaining({ name: 'nächtlich', kind: 'personal' })]);
  expect((await run('token', 'revoke', 'nachtlich')).stderr).toContain('Did you mean nächtlich?');
  expect((await json('token', 'revoke', 'nächtlich')).data).toMatchObject({ name: 'nächtlich' });
  expect(await asToken('connections', 'list')).toMatchObject({
    status: 4,
    stderr: expect.stringContaining('custard login'),
  });
});

test('organizations: made, chosen by name, renamed; a session acts in the one that was chosen', async () => {
  const { data: made } = await json('org', 'create', 'Zweite');
  expect((await json('org', 'use', 'Zweite')).data).toMatchObject({ id: made.id, current: true });
  expect((await json('connections', 'list')).data).toEqual([]);
  expect((await json('org', 'rename', 'Dritte')).data).toMatchObject({ id: made.id, name: 'Dritte' });
  const list = await run('org', 'list', '-o', 'csv');
  expect(list.stdout).toMatch(/\n\*,Dritte,owner,/);
  const unknown = await run('org', 'use', 'Größe');
  expect([unknown.status, unknown.stderr]).toEqual([6, expect.stringMatching(/\(NOT_FOUND\)\n\S/)]);
  expect((await json('org', 'use', 'Größe 日本')).data.name).toBe('Größe 日本');
  expect((await json('connections', 'list')).data).toHaveLength(1);
});

test('members: invited, listed, given a role, removed', async () => {
  const guest = `guest-${bench.email}`;
  expect((await json('members', 'invite', guest, '--role', 'viewer')).data).toMatchObject({ role: 'viewer' });
  expect((await json('members', 'list', '--invitations')).data).toHaveLength(1);
  const { token } = await bench.server.outbox.next(guest);
  await bench.server.request('POST', '/api/v1/invitations/accept', { token, password: PASSWORD });
  expect((await json('members', 'set-role', guest.toUpperCase(), 'admin')).data).toMatchObject({ role: 'admin' });
  expect((await json('members', 'list')).data.map(({ role }: { role: string }) => role).toSorted()).toEqual([
    'admin',
    'owner',
  ]);
  const unasked = await run('members', 'remove', guest);
  expect(unasked).toMatchObject({ status: 2, stderr: expect.stringContaining('Give --yes.') });
  expect((await json('members', 'remove', guest, '--yes')).data.name).toBe(guest);
  await json('members', 'invite', `other-${bench.email}`);
  expect((await json('members', 'revoke-invitation', `other-${bench.email}`)).schema).toBe('custard.deleted/1');
  const alone = await run('members', 'remove', bench.email, '--yes');
  expect(alone).toMatchObject({ status: 2, stderr: expect.stringContaining('custard members set-role E-MAIL owner') });
});

test('the audit log is listed and found whole; a row that was changed shows', async () => {
  const { data } = await json('audit', 'list', '--limit', '3');
  expect(data).toHaveLength(3);
  expect(data[0].sequence).toBe(data[1].sequence + 1);
  const older = await json('audit', 'list', '--before', String(data[2].sequence), '--limit', '1');
  expect(older.data[0].sequence).toBe(data[2].sequence - 1);
  expect((await json('audit', 'verify')).data).toMatchObject({ ok: true, broken_at: null });
  await bench.inRecords(async ({ knex }) => {
    await knex.raw('DROP TRIGGER audit_no_update');
    await knex('audit').where({ sequence: 2 }).update({ action: 'nothing.done' });
  });
  const broken = await run('audit', 'verify');
  expect([broken.status, broken.stdout]).toEqual([8, expect.stringMatching(/^BROKEN at no 2:/)]);
});

test('a log-out ends the session at the server, and everywhere with --all', async () => {
  const elsewhere = await logIn(bench.server, bench.email);
  const { servers } = JSON.parse(await readFile(bench.credentials, 'utf8'));
  expect((await json('logout', '--all')).data).toMatchObject({ all: true });
  expect(await readFile(bench.credentials, 'utf8')).not.toContain('token');
  expect(await run('connections', 'list')).toMatchObject({
    status: 4,
    stderr: expect.stringContaining('custard login'),
  });
  const refreshed = await bench.server.request('POST', '/api/v1/auth/refresh', {
    refresh_token: servers[bench.url].credential.refresh_token,
  });
  expect(refreshed.status).toBe(401);
  expect((await elsewhere.call('GET', '/api/v1/auth/profile')).status).toBe(401);
  expect(await run('logout')).toMatchObject({ status: 4, stderr: expect.stringContaining('Nobody is logged in') });
});
