import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Database } from './support/database.ts';
import { Stack } from './support/stack.ts';

test("a running agent logs in with the password that its file has now, and tells nobody's", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'custard-rotation-'));
  const DB_PASSWORD_FILE = join(folder, 'password');
  await using database = await Database.create([], ['create table users (id int)', 'insert into users values (1)']);
  const change = (password: string) => database.admin.query(`ALTER ROLE ${database.name} PASSWORD '${password}'`);
  const disconnect = () =>
    database.admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [database.name]);
  await change('s3cret-one');
  await writeFile(DB_PASSWORD_FILE, 's3cret-one\n');
  // What the URL has stands below it.
  await using stack = await Stack.start({ databaseUrl: database.readerUrl, agentEnv: { DB_PASSWORD_FILE } });
  const count = async () => JSON.parse((await stack.custard(['sql', 'select count(*) from users', '--json'])).stdout);

  expect((await count()).data.rows).toEqual([['1']]);
  await change('s3cret-two');
  await disconnect();
  expect((await count()).error).toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
  await writeFile(DB_PASSWORD_FILE, 's3cret-two\n');
  expect((await count()).data.rows).toEqual([['1']]);
  expect(stack.agent.stderr + stack.server.stderr).not.toContain('s3cret');
  await rm(folder, { recursive: true });
});
