import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { type Finished, Program } from './support/programs.ts';

/** What is typed wrong, and what is told of it. */

const home = mkdtempSync(join(tmpdir(), 'custard-command-line-'));
const env = { PATH: process.env['PATH'], HOME: home };
const file = join(home, 'empty.sqlite');
writeFileSync(file, '');
afterAll(() => rmSync(home, { recursive: true, force: true }));

const custard = (...args: string[]): Promise<Finished> => new Program(args, env).finished();

test.each([
  ['an unknown flag', ['sql', 'SELECT 1', '--max-row', '3'], /no flag --max-row/, /--max-rows\?.*custard sql --help/],
  ['a missing argument', ['schema', 'show'], /^TABLE is missing/, /custard schema show --help/],
  ['a missing flag', ['connections', 'create', 'shop'], /^--kind is missing/, /custard connections create --help/],
  [
    'flags that exclude each other',
    ['ask', 'x', '--dry-run', '--sql-only'],
    /^--dry-run and --sql-only exclude/,
    /ask/,
  ],
  ['a flag without its value', ['sql', 'SELECT 1', '--out'], /^--out needs a value/, /custard sql --help/],
  ['words without quotes', ['sql', 'SELECT', '1'], /^Unexpected argument: 1\.$/, /put them all in quotes/],
  ['a mistyped command', ['sqll', 'SELECT 1'], /no command "sqll"/, /`custard sql`/],
  ['a mistyped topic', ['connection', 'list'], /no command "connection"/, /`custard connections list`/],
  ['a mistyped verb', ['connections', 'lst'], /no command "connections lst"/, /`custard connections list`/],
  ['an unknown verb', ['connections', 'frob'], /no command "connections frob"/, /`custard connections --help`/],
  ['a question with no command', ['how many orders?'], /no command/, /custard ask/],
  ['flags and no command', ['--quiet'], /--quiet comes before/, /custard help/],
  ['a database and a connection', ['sql', '--db', 'sqlite:x', '-c', 'shop', 'SELECT 1'], /^-c names/, /Leave -c out/],
])('%s', async (_, args, message, hint) => {
  const { code, stdout } = await custard(...args, '--json');
  const wanted = { code: 'USAGE', message: expect.stringMatching(message), hint: expect.stringMatching(hint) };
  expect([code, JSON.parse(stdout).error]).toEqual([2, expect.objectContaining(wanted)]);
});

test.each(['-- a comment\nSELECT 1 AS n', '--comment\nSELECT 1 AS n'])('a comment is no flag: %j', async (sql) => {
  expect(await custard('sql', '--db', `sqlite:${file}`, '-o', 'csv', sql)).toMatchObject({ code: 0, stdout: 'n\n1\n' });
});

test('a file of a kind that is not written is not written', async () => {
  const { code, stderr } = await custard('sql', '--db', `sqlite:${file}`, 'SELECT 1', '--out', join(home, 'r.xlsx'));
  expect([code, stderr]).toEqual([2, expect.stringMatching(/does not write \.xlsx.*\n.*\.csv.*-o/)]);
  expect(existsSync(join(home, 'r.xlsx'))).toBe(false);
});

test('records of its own that are broken are named, with what to do', async () => {
  const data = join(home, 'data');
  mkdirSync(join(data, 'custard'), { recursive: true });
  writeFileSync(join(data, 'custard', 'local.db'), 'no database');
  const broken = new Program(['sql', '--db', `sqlite:${file}`, 'SELECT 1'], { ...env, XDG_DATA_HOME: data });
  const { code, stderr } = await broken.finished();
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/custard\/local\.db cannot be opened.*\nMove the file away/),
  ]);
});

test('a mistake in a statement is told with its place', async () => {
  const { code, stderr } = await custard('sql', '--db', `sqlite:${file}`, 'SELECT 1\nFROM WHERE');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/\nLine 2, column 6\. \S/)]);
});

test('a full disk is told even where JSON was to be written to it', () => {
  const run = fileURLToPath(new URL('../cli/bin/run.js', import.meta.url));
  const stdio: ['ignore', number, 'pipe'] = ['ignore', openSync('/dev/full', 'w'), 'pipe'];
  const { status, stderr } = spawnSync(process.execPath, [run, 'demo', '--json'], { env, stdio, encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/the disk is full.*OUTPUT_FAILED/)]);
});
