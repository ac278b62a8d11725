import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSandbox, runCommand, type Sandbox } from './run-command.ts';

const SALES = 'day,region,revenue\n2024-01-02,North,10.50\n2024-01-20,South,4.50\n2024-02-01,North,3\n';

async function withFiles(files: Readonly<Record<string, string>>): Promise<Sandbox> {
  const sandbox = await createSandbox();
  for (const [name, content] of Object.entries(files)) await writeFile(join(sandbox.directory, name), content);
  return sandbox;
}

test('a question to a file, which is neither changed nor joined by another; again once it has changed', async () => {
  await using sandbox = await withFiles({ 'sales.csv': SALES });
  const ask = () => runCommand(['ask', '--file', 'sales.csv', 'total revenue by region', '-o', 'csv'], sandbox);
  const first = await ask();
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.stdout.trim().split('\n').toSorted()).toEqual(['North,13.50', 'South,4.50', 'region,total_revenue']);
  await writeFile(join(sandbox.directory, 'sales.csv'), SALES.replace('region', 'shop'));
  const other = await runCommand(['ask', '--file', 'sales.csv', 'total revenue by shop', '-o', 'csv'], sandbox);
  expect(other).toMatchObject({ status: 0, stdout: expect.stringContaining('North,13.50') });
  expect((await readdir(sandbox.directory)).toSorted()).toEqual(['home', 'sales.csv']);
});

test('the example of the help: an average per month', async () => {
  await using sandbox = await withFiles({ 'sales.csv': SALES });
  const result = await runCommand(
    ['ask', '--file', 'sales.csv', 'average revenue per month', '-o', 'csv', '-v'],
    sandbox,
  );
  expect(result.stdout).toContain('2024-01,7.5\n2024-02,3\n');
  expect(result.stderr).toContain('sales.csv is the table sales: 3 rows, 3 columns');
});

test('several files, as the shell writes *.csv out, each a table', async () => {
  await using sandbox = await withFiles({
    'orders.csv': 'id,customer\n1,a\n2,b\n',
    'customers.json': '[{"customer":"a","name":"Zoë"},{"customer":"b","name":"Bo"}]',
  });
  const listed = await runCommand(['schema', 'list', '--file', 'customers.json', 'orders.csv', '-o', 'csv'], sandbox);
  expect(listed.stdout).toBe(
    'table,kind,columns,rows (estimate),readable,comment\n' +
      'main.customers,table,2,2,true,customers.json\nmain.orders,table,2,2,true,orders.csv\n',
  );
  const shown = await runCommand(['schema', 'show', 'orders', '--file', 'orders.csv', '-o', 'tsv'], sandbox);
  expect(shown.stdout).toContain('id\tBIGINT\t');
  const joined = await runCommand(
    [
      'sql',
      '--file',
      'orders.csv',
      '--file',
      'customers.json',
      'SELECT name FROM orders JOIN customers USING (customer) WHERE id = 1',
      '-o',
      'tsv',
    ],
    sandbox,
  );
  expect(joined.stdout).toBe('name\nZoë\n');
});

test('standard input, of whatever form it has', async () => {
  await using sandbox = await createSandbox();
  const count = ['sql', '--file', '-', 'SELECT count(*) AS n FROM stdin', '-o', 'tsv'];
  expect(await runCommand(count, sandbox, SALES)).toEqual({ status: 0, stdout: 'n\n3\n', stderr: '' });
  expect(await runCommand(count, sandbox, '{"a":1}\n{"a":2}\n')).toMatchObject({ status: 0, stdout: 'n\n2\n' });
});

test('what was read otherwise than may be meant is a warning, in JSON too', async () => {
  await using sandbox = await withFiles({ 'd.csv': 'd\n03/04/2024\n' });
  const text = await runCommand(['sql', '--file', 'd.csv', 'SELECT d FROM d'], sandbox);
  expect(text.stderr).toContain('warning: d.csv: the column d stays text');
  const json = await runCommand(['sql', '--file', 'd.csv', 'SELECT d FROM d', '--json'], sandbox);
  expect(json.stderr).toBe('');
  expect(JSON.parse(json.stdout)).toMatchObject({
    data: { rows: [['03/04/2024']] },
    warnings: [expect.stringContaining('the column d stays text')],
  });
});

test.each<[string[], string, number]>([
  [['--file', 'bad.csv'], 'bad.csv, line 3: it has 3 fields where the first line has 2. (FILE_UNREADABLE)', 2],
  [['--file', 'q.sql'], 'A file with a statement is read with -f.', 2],
  [['--file', 'good.csv', '--db', 'sqlite:x.db'], '--file and --db exclude each other.', 2],
  [['--file', 'good.csv', '-c', 'shop'], '-c names a connection', 2],
  [['--file', '-', '-f', '-'], 'Standard input is named twice.', 2],
])('sql %j: %s', async (flags, message, status) => {
  await using sandbox = await withFiles({ 'bad.csv': 'a,b\n1,2\n3,4,5\n', 'good.csv': 'a\n1\n' });
  const statement = flags.includes('-f') ? [] : ['SELECT 1'];
  const result = await runCommand(['sql', ...flags, ...statement], sandbox);
  expect(result.stderr).toContain(message);
  expect(result).toMatchObject({ status, stdout: '' });
});

test('an error as JSON, and the guard as for every database', async () => {
  await using sandbox = await withFiles({ 'good.csv': 'a\n1\n', 'bad.json': '[{"a":1},\n{"a":}]' });
  const bad = await runCommand(['sql', '--file', 'bad.json', 'SELECT 1', '--json'], sandbox);
  expect(JSON.parse(bad.stdout)).toMatchObject({
    error: { code: 'FILE_UNREADABLE', message: expect.stringContaining('bad.json, line 2') },
  });
  const write = await runCommand(['sql', '--file', 'good.csv', 'DROP TABLE good'], sandbox);
  expect(write.status).toBe(5);
  const other = await runCommand(['sql', '--db', 'file:good.csv', "SELECT * FROM read_csv('bad.json')"], sandbox);
  expect(other.status).toBe(5);
});
