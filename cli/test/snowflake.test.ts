import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '#agent/connectors/snowflake/testing/start-emulator.ts';
import { createSandbox, runCommand } from './run-command.ts';

/** Over an emulator of ours and no Snowflake, asked by Snowflake's real driver. */
let emulator: Emulator;
let db: string;

beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.execute(
    "CREATE TABLE orders (id INTEGER, placed DATE, Note VARCHAR); INSERT INTO orders VALUES (1, '2025-03-01', 'Ü')",
  );
  db = `snowflake://ana@emulated/SHOP/PUBLIC?accessUrl=${emulator.address}`;
});
afterAll(async () => {
  await emulator.stop();
});

test('a question, a statement, the schema and the role, with the password out of the environment', async () => {
  await using sandbox = await createSandbox({ DB_PASSWORD: 'p@ss/w%rd' });
  const run = (...args: string[]) => runCommand([...args, '--db', db], sandbox);
  expect(await run('ask', 'how many orders are there?')).toEqual({ status: 0, stdout: '1\n', stderr: '' });
  expect((await run('ask', 'orders per month')).stdout).toContain('2025-03');
  expect(await run('sql', 'SELECT * FROM orders', '-o', 'csv')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^ID,PLACED,\w+\r?\n1,2025-03-01,Ü\r?\n$/),
  });
  expect(JSON.parse((await run('schema', 'list', '--json')).stdout)).toMatchObject({ schema: 'custard.tables/1' });
  expect((await run('doctor')).stdout).toMatch(/database: snowflake 9\.33\.1\n.*role: bad/);
  expect(await run('sql', 'DROP TABLE orders')).toMatchObject({
    status: 5,
    stderr: expect.stringContaining('NOT_READ_ONLY'),
  });
  // Nothing of the driver's: no log, no cache of credentials or certificates.
  expect(await readdir(sandbox.directory)).toEqual(['home']);
  const home = await readdir(join(sandbox.directory, 'home'), { recursive: true });
  expect(home.filter((path) => /snowflake/i.test(path))).toEqual([]);
});

test('a wrong password', async () => {
  await using sandbox = await createSandbox({ DB_PASSWORD: 'wr0ng-s3cret' });
  const { status, stdout, stderr } = await runCommand(['sql', 'SELECT 1', '--db', db], sandbox);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('DATABASE_AUTH_FAILED');
  expect(stderr).not.toContain('s3cret');
});
