import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { widthOf } from '#cli/output/cells.ts';
import { DIALECTS, type Dialect } from '#core/dialects.ts';
import { Hostile, sharedLines, Valid } from '#core/guard/testing/corpora.ts';
import { COMMAND, createSandbox, runCommand, type Sandbox } from './run-command.ts';
import { runInTerminal } from './run-in-terminal.ts';

async function check(args: readonly string[], { input = '', env = {} as NodeJS.ProcessEnv } = {}) {
  await using sandbox = await createSandbox(env);
  return await runCommand(['check', ...args], sandbox, input);
}

async function checkJson(dialect: Dialect, statement: string) {
  const { status, stdout, stderr } = await check(['--dialect', dialect, statement, '--json']);
  expect(stderr).toBe('');
  const { schema, data, warnings } = JSON.parse(stdout);
  expect({ schema, warnings }).toEqual({ schema: 'custard.verdict/1', warnings: [] });
  return { status, data };
}

const lineOf = (id: string, sql: string): string => `${JSON.stringify({ id, sql })}\n`;

/** Verdict lines as `id verdict code`. */
const verdicts = (stdout: string): string[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((text) => JSON.parse(text))
    .map(({ id, verdict, code }) => `${id} ${verdict} ${code}`);

function checkBatch(dialect: Dialect, input: string, args: readonly string[] = []) {
  return check(['--dialect', dialect, '--batch', '-', ...args], { input });
}

/** The dialects whose statements are SQL. */
const SQL_DIALECTS = DIALECTS.filter((dialect) => dialect !== 'mongodb');

test.each(SQL_DIALECTS)('%s: a read is allowed, with what it reads', async (dialect) => {
  const statement = 'SELECT o.status, count(*) FROM shop.orders o JOIN users USING (id) GROUP BY 1';
  // As the engine folds names.
  const names = (list: readonly string[]) => (dialect === 'snowflake' ? list.map((name) => name.toUpperCase()) : list);
  const reads = { tables: names(['users', 'shop.orders']), columns: names(['id', 'orders.status']) };
  const text = await check(['--dialect', dialect, statement]);
  const shown = `✓ allowed · ${dialect}\n  tables     ${reads.tables.join(', ')}\n  columns    ${reads.columns.join(', ')}\n  functions  count\n`;
  expect(text).toEqual({ status: 0, stdout: shown, stderr: '' });
  expect(await checkJson(dialect, statement)).toEqual({
    status: 0,
    data: {
      ...{ verdict: 'allow', code: null, reason: null, hint: null, where: null, dialect },
      ...{ ...reads, functions: ['count'] },
    },
  });
});

test('mongodb: a pipeline is allowed, with what it reads', async () => {
  const statement =
    '{"collection": "orders", "pipeline": [{"$unionWith": "archive"}, {"$group": {"_id": "$address.city", "n": {"$sum": 1}}}]}';
  const text = await check(['--dialect', 'mongodb', statement]);
  const shown =
    '✓ allowed · mongodb\n  tables     archive, orders\n  columns    *, address.city\n' +
    '  functions  $group, $sum, $unionWith\n';
  expect(text).toEqual({ status: 0, stdout: shown, stderr: '' });
});

test.each<[Dialect, string, string, number, { line: number; column: number }]>([
  ['postgres', 'SELECT 1,\n  pg_sleep(1)', 'FUNCTION_NOT_ALLOWED', 5, { line: 2, column: 3 }],
  ['postgres', 'DELETE FROM t', 'NOT_READ_ONLY', 5, { line: 1, column: 1 }],
  ['postgres', 'SELECT 1; SELECT 2', 'MULTIPLE_STATEMENTS', 5, { line: 1, column: 11 }],
  ['sqlite', 'SELECT a b c', 'STATEMENT_INVALID', 1, { line: 1, column: 12 }],
  ['sqlite', 'SELECT 1; DROP TABLE t', 'MULTIPLE_STATEMENTS', 5, { line: 1, column: 11 }],
  ['mongodb', '[{"$match": {}},\n {"$out": "t"}]', 'NOT_READ_ONLY', 5, { line: 2, column: 3 }],
  ['mongodb', '[{"$match": {}},]', 'STATEMENT_INVALID', 1, { line: 1, column: 17 }],
])("%s: %j is denied with its code's status", async (dialect, statement, code, status, where) => {
  const { status: found, data } = await checkJson(dialect, statement);
  expect({ status: found, ...data }).toMatchObject({ status, verdict: 'deny', code, where, tables: [], dialect });
  const text = await check(['--dialect', dialect, statement]);
  expect(text).toMatchObject({ status, stderr: '' });
  const line = statement.split('\n')[where.line - 1];
  expect(text.stdout).toBe(
    `✗ denied · ${code}\n  ${data.reason}\n  ${data.hint}\n  line ${where.line}, column ${where.column}:\n` +
      `  ${line}\n  ${' '.repeat(where.column - 1)}^\n`,
  );
});

test('the statement from a file or standard input; the dialect from what is configured', async () => {
  await using sandbox = await createSandbox();
  await writeFile(join(sandbox.directory, 'q.sql'), 'SELECT 1\n');
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}, input = '') =>
    runCommand(['check', ...args], { ...sandbox, env: { ...sandbox.env, ...env } }, input);
  const allowed = (dialect: string) => ({ status: 0, stdout: `✓ allowed · ${dialect}\n`, stderr: '' });
  expect(await run(['-f', 'q.sql', '--dialect', 'sqlite'])).toEqual(allowed('sqlite'));
  expect(await run(['-', '--dialect', 'postgres'], {}, 'SELECT 1')).toEqual(allowed('postgres'));
  expect(await run(['-f', 'q.sql', '--db', 'postgres://u:p@nowhere/d'])).toEqual(allowed('postgres'));
  expect(await run(['-f', 'q.sql'], { CUSTARD_DB: 'sqlite:none.db' })).toEqual(allowed('sqlite'));
  expect(await run(['-f', 'q.sql', '--dialect', 'postgres'], { CUSTARD_DB: 'sqlite:x' })).toEqual(allowed('postgres'));
  await writeFile(join(sandbox.directory, 'large.sql'), `SELECT '${'x'.repeat(100_000)}'`);
  const large = await run(['-f', 'large.sql', '--dialect', 'sqlite', '--json']);
  expect(large.status).toBe(2);
  expect(JSON.parse(large.stdout).data).toMatchObject({ verdict: 'deny', code: 'STATEMENT_TOO_LARGE', where: null });
});

test.each([
  [['SELECT 1'], 'Nothing says which dialect', '--dialect with one of postgres, mysql, '],
  [['--dialect', 'oracle', 'x'], 'one of: postgres, mysql, ', '--help'],
  [['--dialect', 'postgres'], 'There is no statement.', 'custard check --dialect postgres "'],
  [['--dialect', 'postgres', '--db', 'sqlite:x', 'y'], '--db', '--help'],
  [['--db', 'oracle://secret', 'y'], 'no connector for oracle: URLs', 'sqlite:PATH'],
  [['--dialect', 'postgres', '--batch', 'none.jsonl'], 'There is no file none.jsonl.', 'readable file'],
  [['--dialect', 'postgres', '--batch', '.'], 'Cannot read ..', 'readable file'],
  [['--dialect', 'postgres', '--batch', '-', 'SELECT 1'], 'a statement and a batch', 'one of them'],
])('usage: %j', async (args, message, hint) => {
  const { status, stdout, stderr } = await check(args, { env: { CUSTARD_API_URL: 'http://127.0.0.1:9' } });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});

test('a terminal of 40 columns: nothing is wider, nothing of the statement steers it', async () => {
  await using sandbox = await createSandbox();
  const statement = `SELECT '日本\u001b]0;x\u0007', "a\u202eb", ${'column_name, '.repeat(5)}bogus(1), ${'b, '.repeat(30)} c`;
  const run = runInTerminal({ args: ['check', '--dialect', 'postgres', statement], columns: 40, sandbox });
  expect(await run.ended).toBe(5);
  expect(run.output()).toContain('\u001b[31m✗ denied');
  for (const code of ['\u001b]', '\u0007', '\u202e']) expect(run.output()).not.toContain(code);
  const lines = stripVTControlCharacters(run.output()).split('\r\n').slice(0, -1);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(40);
  const [excerpt = '', caret = ''] = lines.slice(-2);
  expect(excerpt.slice(caret.indexOf('^'))).toMatch(/^bogus\(1\), b.*…$/);
});

test('a batch: one verdict for each line, in order, whatever the lines are like', async () => {
  const input = [
    `\ufeff{"id":"a","sql":"SELECT x FROM s.t","category":"more","expect":"x"}\r\n`,
    `\n  \n{"id":7,"sql":"DROP TABLE t"}\n`,
    lineOf('large', `SELECT ${'1,'.repeat(5_000_000)}1`),
    lineOf('empty', ''),
    `{"id":"half","sql":"SELECT '\\ud800'"}\n`,
    `{"id":"last\\u001b","sql":"SELECT upper(x)"}`,
  ].join('');
  const { status, stdout, stderr } = await checkBatch('postgres', input);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).not.toContain('\u001b');
  expect(verdicts(stdout)).toEqual([
    'a allow null',
    '7 deny NOT_READ_ONLY',
    'large deny STATEMENT_TOO_LARGE',
    'empty deny STATEMENT_INVALID',
    'half deny STATEMENT_INVALID',
    'last\u001b allow null',
  ]);
  expect(stdout.split('\n')[0]).toBe(
    '{"id":"a","verdict":"allow","code":null,"reason":null,"tables":["s.t"],"columns":["x"],"functions":[]}',
  );
  expect(await checkBatch('sqlite', '')).toEqual({ status: 0, stdout: '', stderr: '' });
});

test.each([[[]], [['--json']]])(
  'a batch %j: lines that cannot be read are told by number, the rest is checked',
  async (args) => {
    const input = [
      lineOf('1', 'SELECT 1'),
      'hunter2\n',
      '{"id":"3","sql":["hunter2"]}\n',
      `${'x'.repeat(17 * 1024 * 1024)}\n`,
      '"SELECT 1"\n',
      lineOf('6', 'SELECT 1'),
    ].join('');
    const { status, stdout, stderr } = await checkBatch('sqlite', input, args);
    expect(status).toBe(2);
    expect(verdicts(stdout)).toEqual(['1 allow null', '6 allow null']);
    expect(stderr).toBe(
      'error: line 2: it is not JSON.\n' +
        'error: line 3: it has to be an object with "id" and "sql", both text.\n' +
        'error: line 4: it is too long.\n' +
        'error: line 5: it has to be an object with "id" and "sql", both text.\n',
    );
  },
);

test('a batch: bytes that are no text are an error of their line', async () => {
  await using sandbox = await createSandbox();
  const bytes = Buffer.concat([
    Buffer.from('{"id":"\xff","sql":"x"}\n', 'latin1'),
    Buffer.from(lineOf('2', 'SELECT 1')),
  ]);
  await writeFile(join(sandbox.directory, 'b.jsonl'), bytes);
  const result = await runCommand(['check', '--dialect', 'sqlite', '--batch', 'b.jsonl'], sandbox);
  expect(result).toMatchObject({ status: 2, stderr: 'error: line 1: it is not UTF-8 text.\n' });
  expect(verdicts(result.stdout)).toEqual(['2 allow null']);
});

function spawnBatch(sandbox: Sandbox) {
  const args = [COMMAND[1], 'check', '--dialect', 'postgres', '--batch', '-'];
  return spawn(COMMAND[0], args, { cwd: sandbox.directory, env: sandbox.env });
}

test('a batch answers while more is still to come, and Ctrl-C ends it', async () => {
  await using sandbox = await createSandbox();
  const child = spawnBatch(sandbox);
  for (const id of ['1', '2']) {
    child.stdin.write(lineOf(id, 'SELECT 1'));
    const [answer] = await once(child.stdout, 'data');
    expect(verdicts(String(answer))).toEqual([`${id} allow null`]);
  }
  child.kill('SIGINT');
  const [[stderr], [status]] = await Promise.all([once(child.stderr, 'data'), once(child, 'close')]);
  expect({ status, stderr: String(stderr) }).toEqual({ status: 130, stderr: 'Cancelled.\n' });
});

test('a batch whose reader goes away: 141, and not a word', async () => {
  await using sandbox = await createSandbox();
  const child = spawnBatch(sandbox);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  function* endless() {
    while (true) yield lineOf('x', 'SELECT a FROM t');
  }
  const fed = pipeline(endless, child.stdin).catch(() => undefined);
  child.stdout.once('data', () => child.stdout.destroy());
  const [status] = await once(child, 'close');
  await fed;
  expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
});

test('a batch: what follows a statement that breaks the parser is judged by a fresh one', async () => {
  // The escape hides the chain from the estimate made before parsing.
  const breaking = `select E'\\''${'+1'.repeat(30_000)} + ''`;
  const ids = Array.from({ length: 30 }, (_, i) => i);
  const input = ids.map((i) => lineOf(String(i), i % 3 === 0 ? breaking : 'SELECT 1')).join('');
  const { status, stdout } = await checkBatch('postgres', input);
  expect(status).toBe(0);
  expect(verdicts(stdout)).toEqual(
    ids.map((i) => (i % 3 === 0 ? `${i} deny CONSTRUCT_NOT_ALLOWED` : `${i} allow null`)),
  );
});

test.each(DIALECTS)('%s: a batch of the corpora: nothing hostile allowed, and fast', async (dialect) => {
  const hostile = sharedLines(`corpora/hostile/${dialect}.jsonl`, Hostile).filter(({ expect }) => expect === 'reject');
  const judged = await checkBatch(dialect, hostile.map(({ id, sql }) => lineOf(id, sql)).join(''));
  expect(verdicts(judged.stdout).filter((text) => !text.includes(' deny '))).toEqual([]);
  expect(verdicts(judged.stdout)).toHaveLength(hostile.length);
  // No suite of MongoDB's is among the corpora.
  const valid = dialect === 'mongodb' ? [] : sharedLines(`corpora/valid/${dialect}.jsonl`, Valid);
  const rounds = Math.ceil(10_000 / Math.max(1, valid.length));
  const input = valid
    .map(({ id, sql }) => lineOf(id, sql))
    .join('')
    .repeat(rounds);
  const started = performance.now();
  const { status, stdout } = await checkBatch(dialect, input);
  const rate = (1000 * valid.length * rounds) / (performance.now() - started);
  expect(status).toBe(0);
  expect(verdicts(stdout)).toHaveLength(valid.length * rounds);
  console.info(`${dialect}: ${rate.toFixed(0)} statements a second, start-up included`);
  if (dialect === 'postgres' && valid.length > 0) expect(rate).toBeGreaterThan(1000);
});
