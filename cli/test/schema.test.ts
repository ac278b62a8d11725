import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { SchemaTable } from '#core/schema.ts';
import { CONNECTION, json, startFakeControlPlane } from './fake-control-plane.ts';
import { createSandbox, runCommand } from './run-command.ts';
import { runInTerminal } from './run-in-terminal.ts';

const none = { count: 0, tables: [] };
const REFRESHED = {
  connection_id: 'con_1',
  fingerprint: 'f',
  refreshed_at: '2026-01-02T03:04:06.000Z',
  table_count: 5_001,
};

test('refresh-schema says what changed, in words and as JSON', async () => {
  const columns = {
    table: 'shop.customers',
    changes: ['column email added (text)', 'column age: text is now integer'],
  };
  const changes = {
    added: { count: 102, tables: ['shop.\u001b[2Jnew'] },
    removed: { count: 1, tables: ['shop.old'] },
    changed: { count: 1, tables: [columns] },
  };
  await using server = await startFakeControlPlane({
    'GET /api/v1/connections': json({ connections: [CONNECTION] }),
    'POST /api/v1/connections/con_1/refresh-schema': json({ ...REFRESHED, changes }),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url });
  const words = await runCommand(['connections', 'refresh-schema', 'shop'], sandbox);
  expect(words.status).toBe(0);
  expect(words.stdout.split('\n')).toEqual([
    'shop: 5,001 tables and views; 102 added, 1 removed, 1 changed.',
    expect.stringMatching(/^ {2}\+ shop\.\P{Cc}+new$/u),
    '    and 101 more added',
    '  - shop.old',
    '  ~ shop.customers: column email added (text); column age: text is now integer',
    '',
  ]);
  const { schema, data } = JSON.parse(
    (await runCommand(['connections', 'refresh-schema', 'shop', '--json'], sandbox)).stdout,
  );
  expect(schema).toBe('custard.schema-refresh/1');
  expect(data).toMatchObject({ id: 'con_1', name: 'shop', table_count: 5_001, changes });
});

test('refresh-schema says that nothing changed', async () => {
  await using server = await startFakeControlPlane({
    'GET /api/v1/connections': json({ connections: [CONNECTION] }),
    'POST /api/v1/connections/con_1/refresh-schema': json({
      ...REFRESHED,
      changes: { added: none, removed: none, changed: none },
    }),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url });
  const { stdout } = await runCommand(['connections', 'refresh-schema', 'shop'], sandbox);
  expect(stdout).toBe('shop: 5,001 tables and views; nothing has changed.\n');
});

const table = (name: string, change: Partial<SchemaTable>): SchemaTable => ({
  ...{ schema: 'shop', name, kind: 'table', comment: null, columns: [], primaryKey: [], foreignKeys: [] },
  ...{ uniqueKeys: [], rowEstimate: 1_200_000, readable: true, ...change },
});

async function serverWith(tables: readonly SchemaTable[]) {
  const schema = { dialect: 'postgres', version: '15', defaultSchemas: ['public'], tables };
  return await startFakeControlPlane({
    'GET /api/v1/connections': json({ connections: [CONNECTION] }),
    'GET /api/v1/connections/con_1': json(CONNECTION),
    'GET /api/v1/connections/con_1/schema': json({
      connection_id: 'con_1',
      fingerprint: 'f',
      refreshed_at: '',
      schema,
    }),
  });
}

test('what the role may not read is listed as that, and partitions with their parent', async () => {
  const tables = [table('log', { partitions: 24 }), table('salaries', { readable: false })];
  await using server = await serverWith(tables);
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url });
  const list = await runCommand(['schema', 'list', '-c', 'shop'], sandbox);
  expect(list.stdout).toMatch(/^table {9}│ rights {4}│ kind/);
  expect(list.stdout).toMatch('\nshop.log      │ ∅         │ table, 24 partitions │');
  expect(list.stdout).toMatch(/\nshop\.salaries │ no rights │ table /);
  const show = await runCommand(['schema', 'show', 'salaries', '-c', 'shop'], sandbox);
  expect(show.stderr).toMatch('The database role has no right to read shop.salaries.');
});

test('5,000 tables in 40 columns: every line fits', async () => {
  const tables = Array.from({ length: 5_000 }, (_, i) =>
    table(`measured_${i}`, { comment: 'What was measured there' }),
  );
  await using server = await serverWith(tables);
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url });
  const run = runInTerminal({ args: ['schema', 'list', '-c', 'shop'], columns: 40, sandbox });
  await run.ended;
  const lines = stripVTControlCharacters(run.output())
    .split(/\r?\n/)
    .filter((line) => line.startsWith('shop.mea'));
  expect(lines.length).toBe(5_000);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
});

test('search finds names and comments, the best first', async () => {
  await using sandbox = await createSandbox();
  const path = join(sandbox.directory, 'shop.db');
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, mailing_address TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customerId INTEGER, price NUMERIC);
    CREATE TABLE price (id INTEGER PRIMARY KEY, list_price NUMERIC, mail TEXT);`);
  database.close();
  const search = async (...args: string[]) =>
    await runCommand(['schema', 'search', ...args, '--db', `sqlite:${path}`, '-o', 'csv'], sandbox);
  expect((await search('price')).stdout).toBe(
    'table,column,type,comment\nprice,,table,\norders,price,NUMERIC,\nprice,list_price,NUMERIC,\n',
  );
  expect((await search('customer email')).stdout).toBe('table,column,type,comment\ncustomers,email,TEXT,\n');
  expect((await search('mail')).stdout.split('\n').slice(1, -1)).toEqual([
    'price,mail,TEXT,',
    'customers,mailing_address,TEXT,',
    'customers,email,TEXT,',
  ]);
  const cut = await search('mail', '--limit', '1');
  expect([cut.stdout.split('\n').length, cut.stderr]).toEqual([3, expect.stringContaining('2 more fit less well')]);
  expect(await search('nothing like it')).toMatchObject({ status: 0, stdout: 'table,column,type,comment\n' });
});
