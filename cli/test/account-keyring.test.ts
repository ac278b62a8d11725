import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openAccountBench } from './account-bench.ts';
import { runCommand } from './run-command.ts';
import { startKeyring } from './start-keyring.ts';

test('a keyring takes the log-in, and no file holds any of it; one that is gone says what to do', async () => {
  await using keyring = await startKeyring();
  await using bench = await openAccountBench();
  await bench.becomeSomebody();
  const sandbox = { ...bench.sandbox, env: { ...bench.sandbox.env, ...keyring.env } };
  expect(await bench.logIn(sandbox)).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(await readFile(bench.credentials, 'utf8')).servers).toEqual({ [bench.url]: { kept: 'keyring' } });
  const { stdout } = await runCommand(['whoami', '--json'], sandbox);
  expect(JSON.parse(stdout).data).toMatchObject({ email: bench.email, kept: 'keyring', path: null });
  expect(await bench.run(['whoami'])).toMatchObject({
    status: 4,
    stderr: expect.stringContaining('the keyring does not answer'),
  });
  expect((await runCommand(['logout'], sandbox)).status).toBe(0);
  expect((await runCommand(['whoami'], sandbox)).status).toBe(4);
});
