import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKED_DIALECTS } from '#cli/flags/dialects.ts';
import { DIALECTS } from '#core/dialects.ts';
import { createSandbox, runCommand } from './run-command.ts';

const POLICY = `
version: 1
tables: { deny: ["hr.*"] }
masks: [{ columns: ["users.email"], show: partial }]
`;

async function check(policy: string, args: readonly string[], { input = '', file = 'policy.yaml' } = {}) {
  await using sandbox = await createSandbox();
  await writeFile(join(sandbox.directory, 'policy.yaml'), policy);
  await mkdir(join(sandbox.directory, 'folder'));
  return await runCommand(['check', '--dialect', 'postgres', '--policy', file, ...args], sandbox, input);
}

test('a policy denies what the guard allows, and says by which rule', async () => {
  const filtered = await check(POLICY, ["SELECT id FROM users WHERE email = 'hunter2'"]);
  expect(filtered.status).toBe(5);
  expect(filtered.stdout.replace(/\s+/g, ' ')).toContain('The policy masks public.users.email (masks: "users.email")');
  expect(filtered.stdout).toContain('✗ denied · POLICY_DENIED');
  expect(filtered.stderr).toBe('');
  const shown = await check(POLICY, ['SELECT id, email FROM users']);
  expect(shown).toMatchObject({ status: 0, stderr: '' });
  const { stdout } = await check(POLICY, ['SELECT count(*) FROM hr.staff', '--json']);
  expect(JSON.parse(stdout).data).toMatchObject({ verdict: 'deny', code: 'POLICY_DENIED', tables: [] });
});

test('what the guard refuses stays refused for its own reason', async () => {
  expect((await check(POLICY, ['DELETE FROM hr.staff'])).stdout).toContain('NOT_READ_ONLY');
});

test('a batch is judged by it too', async () => {
  const lines = ['SELECT id FROM users', 'SELECT upper(email) FROM users'].map((sql, id) =>
    JSON.stringify({ id, sql }),
  );
  const { status, stdout } = await check(POLICY, ['--batch', '-'], { input: `${lines.join('\n')}\n` });
  expect(status).toBe(0);
  expect(
    stdout
      .split('\n')
      .slice(0, 2)
      .map((line) => JSON.parse(line).code),
  ).toEqual([null, 'POLICY_DENIED']);
});

test.each([
  ['a typo', `${POLICY}egres: rows\n`, 'there is no egres; did you mean egress?'],
  ['no YAML', '{', 'it is not YAML'],
  ['an empty file', '', 'expected keys with values'],
  ['too much', `version: 1\n#${'x'.repeat(300_000)}`, 'larger than 256 KiB'],
])('a policy with %s is an error and no verdict', async (_, policy, message) => {
  const { status, stdout, stderr } = await check(policy, ['SELECT 1']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.replace(/\s+/g, ' ')).toContain(message);
});

test.each(['missing.yaml', 'folder'])('a policy file that cannot be read: %s', async (file) => {
  const { status, stdout, stderr } = await check(POLICY, ['SELECT 1'], { file });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`The policy file ${file} cannot be read.`);
});

test('the dialects of the flag are those of the guard', () => {
  expect([...CHECKED_DIALECTS]).toEqual([...DIALECTS]);
});
