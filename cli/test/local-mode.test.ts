import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { connectTo } from '#agent/connectors/testing/mysql-engines.ts';
import { mariadbUrl } from '#core/testing/mariadb-url.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { COMMAND, createSandbox, runCommand, type Sandbox } from './run-command.ts';

const PASSWORD = 'p@ss/w:rd#1';
const ROLE = 'custard_cli_reader';

beforeAll(async () => {
  await withClient(async (client) => {
    await client.query(`DROP ROLE IF EXISTS ${ROLE}`);
    await client.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${PASSWORD}'`);
  });
  return () => withClient(async (client) => void (await client.query(`DROP ROLE IF EXISTS ${ROLE}`)));
});

async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(postgresUrl());
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A shop of three orders in the sandbox's folder. */
function makeShop({ directory }: Sandbox): string {
  const path = join(directory, 'shop.db');
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, amount NUMERIC);
    INSERT INTO orders VALUES (1, 'Zoë', 10), (2, '日本商事', 20.5), (3, NULL, 7);
  `);
  database.close();
  return `sqlite:${path}`;
}

test('a question to an SQLite file, with nothing set up; the second one too', async () => {
  await using sandbox = await createSandbox();
  const db = makeShop(sandbox);
  for (const _ of ['first', 'second']) {
    expect(await runCommand(['ask', 'how many orders are there?', '--db', db], sandbox)).toEqual({
      status: 0,
      stdout: '3\n',
      stderr: '',
    });
  }
  const data = join(sandbox.directory, 'home/.local/share/custard');
  expect((await stat(data)).mode & 0o777).toBe(0o700);
});

test('a question to a DuckDB file, by either form of its URL', async () => {
  await using sandbox = await createSandbox();
  const path = join(sandbox.directory, 'shop.duckdb');
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const owner = await DuckDBInstance.create(path);
  const connection = await owner.connect();
  await connection.run("CREATE TABLE orders AS SELECT 1 AS id, 'Zoë' AS customer, 10.50::DECIMAL(8,2) AS amount");
  connection.closeSync();
  owner.closeSync();
  for (const db of [`duckdb:${path}`, `file:${path}`]) {
    expect(await runCommand(['ask', 'total amount of the orders', '--db', db], sandbox)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('10.50'),
    });
  }
});

test('tables and columns', async () => {
  await using sandbox = await createSandbox();
  const db = makeShop(sandbox);
  const list = await runCommand(['schema', 'list', '--db', db, '-o', 'csv'], sandbox);
  expect(list.stdout).toBe('table,kind,columns,rows (estimate),readable,comment\norders,table,3,3,true,\n');
  const show = await runCommand(['schema', 'show', 'ORDERS', '--db', db, '-o', 'tsv'], sandbox);
  expect(show.stdout).toMatch('\nid\tINTEGER\t');
  const wrong = await runCommand(['schema', 'show', 'order', '--db', db], sandbox);
  expect(wrong.status).toBe(6);
  expect(wrong.stderr).toMatch('Did you mean orders?');
});

test('the demo answers from a shop of its own', async () => {
  await using sandbox = await createSandbox();
  const { status, stdout } = await runCommand(['demo', 'how many orders are there?', '--json'], sandbox);
  expect(status).toBe(0);
  const { data } = JSON.parse(stdout);
  expect(Number(data.rows[0][0])).toBeGreaterThan(40_000);
  expect(data.maker).toBe('builtin');
});

test('several at once on the same local data', async () => {
  await using sandbox = await createSandbox();
  const db = makeShop(sandbox);
  const numbers = ['1', '2', '3', '4'];
  const results = await Promise.all(
    numbers.map((n) => runCommand(['sql', `SELECT ${n} AS n`, '--db', db, '-o', 'tsv'], sandbox)),
  );
  expect(results).toEqual(numbers.map((n) => ({ status: 0, stdout: `n\n${n}\n`, stderr: '' })));
});

test('a password is taken from the URL or from PGPASSWORD, and written nowhere', async () => {
  await using sandbox = await createSandbox();
  const inUrl = withUser(`${ROLE}:${encodeURIComponent(PASSWORD)}`);
  const sql = ['sql', 'SELECT 1 AS n', '-o', 'tsv'];
  expect((await runCommand([...sql, '--db', inUrl], sandbox)).stdout).toBe('n\n1\n');
  const env = { ...sandbox.env, PGPASSWORD: PASSWORD };
  expect((await runCommand([...sql, '--db', withUser(ROLE)], { ...sandbox, env })).stdout).toBe('n\n1\n');
  for (const file of await readdir(sandbox.directory, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) expect((await readFile(join(file.parentPath, file.name))).includes(PASSWORD)).toBe(false);
  }
});

function withUser(userinfo: string): string {
  const url = new URL(postgresUrl());
  return `postgres://${userinfo}@${url.host}${url.pathname}`;
}

test.each([
  ['postgres://postgres@127.0.0.1:9/x', 'DATABASE_UNREACHABLE', 3],
  ['sqlite:missing.db', 'DATABASE_NOT_FOUND', 2],
  ['oracle://localhost/x', 'UNSUPPORTED_ENGINE', 2],
  ['mariadb://ana@127.0.0.1:9/x', 'DATABASE_UNREACHABLE', 3],
  ['nonsense', 'CONFIG_INVALID', 2],
])('--db %s: %s, exit %i', async (db, code, exit) => {
  await using sandbox = await createSandbox();
  const { status, stderr } = await runCommand(['sql', 'SELECT 1', '--db', db], sandbox);
  expect(status).toBe(exit);
  expect(stderr).toMatch(`(${code})`);
});

test.each([
  ['SELECT * FROM nowhere', 'RELATION_NOT_FOUND', 1],
  ['DELETE FROM pg_class', 'NOT_READ_ONLY', 5],
  ['SELECT 1; SELECT 2', 'MULTIPLE_STATEMENTS', 5],
  ['SELEC 1', 'STATEMENT_INVALID', 1],
])('%s: %s, exit %i', async (statement, code, exit) => {
  await using sandbox = await createSandbox();
  const { status, stdout } = await runCommand(['sql', statement, '--db', postgresUrl(), '--json'], sandbox);
  expect(JSON.parse(stdout).error.code).toBe(code);
  expect(status).toBe(exit);
});

/** Runs for hours; the mark finds it among the server's statements. */
const endless = (mark: string): string =>
  `SELECT count(*) AS ${mark} FROM generate_series(1, 10000000) a, generate_series(1, 10000000) b`;

async function statementsWith(mark: string): Promise<number> {
  return withClient(async (client) => {
    const text =
      'SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE $1 AND state <> $2 AND pid <> pg_backend_pid()';
    const { rows } = await client.query(text, [`%${mark}%`, 'idle']);
    return rows[0].n;
  });
}

/** A statement is gone within a second; the rest is for a machine that is busy with other tests. */
const GONE_WITHIN_MS = 3_000;

async function until(condition: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not so within ${withinMs} ms`);
    await sleep(50);
  }
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s in mid-query: the statement is gone from the database', async (signal, status) => {
  await using sandbox = await createSandbox();
  const mark = `m${randomUUID().replaceAll('-', '')}`;
  const child = spawn(COMMAND[0], [COMMAND[1], 'sql', endless(mark), '--db', postgresUrl()], {
    cwd: sandbox.directory,
    env: sandbox.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  await until(async () => (await statementsWith(mark)) === 1, 15_000);
  child.kill(signal);
  await until(async () => (await statementsWith(mark)) === 0, GONE_WITHIN_MS);
  const [code] = await closed;
  expect({ code, stderr }).toEqual({ code: status, stderr: 'Cancelled.\n' });
});

test('--timeout ends the statement in the database: 124', async () => {
  await using sandbox = await createSandbox();
  const mark = `m${randomUUID().replaceAll('-', '')}`;
  const { status, stderr } = await runCommand(
    ['sql', endless(mark), '--db', postgresUrl(), '--timeout', '1s'],
    sandbox,
  );
  expect(status).toBe(124);
  expect(stderr).toMatch('(QUERY_TIMEOUT)');
  await until(async () => (await statementsWith(mark)) === 0, GONE_WITHIN_MS);
});

test('MariaDB, whichever of the two the URL calls it: a question, a statement, a refusal', async () => {
  await using sandbox = await createSandbox();
  const name = `custard_cli_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(mariadbUrl());
  url.pathname = `/${name}`;
  const env = { ...sandbox.env, MYSQL_PWD: decodeURIComponent(url.password) };
  url.password = '';
  const admin = await connectTo(mariadbUrl());
  await admin.query(`
    CREATE DATABASE ${name}; USE ${name};
    CREATE TABLE customers (id int PRIMARY KEY, name varchar(50) NOT NULL, \`rank\` int, born date);
    INSERT INTO customers VALUES (1, 'Zoë', 2, '1990-05-01'), (2, 'C\\\\D', 1, '1990-07-01'), (3, 'Bob O''Brien', 3, NULL)`);
  const run = (...args: string[]) =>
    runCommand([...args, '--db', url.href.replace('mariadb:', 'mysql:')], { ...sandbox, env });
  try {
    expect(await run('ask', 'how many customers are there?')).toEqual({ status: 0, stdout: '3\n', stderr: '' });
    expect(await run('ask', "what is the rank of Bob O'Brien?")).toMatchObject({ status: 0, stdout: '3\n' });
    expect(await run('ask', 'customers named "C\\D"', '-o', 'csv')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('C\\D'),
    });
    const perQuarter = await run('ask', 'number of customers per quarter', '-o', 'csv');
    expect(perQuarter.stdout).toContain('1990-Q2,1\n1990-Q3,1\n');
    const statement = await run(
      'sql',
      'select "a" as t, 18446744073709551615 as n from customers limit 1',
      '-o',
      'json',
    );
    expect(JSON.parse(statement.stdout)).toMatchObject({ data: { rows: [['a', '18446744073709551615']] } });
    // Only MariaDB's guard knows the function: the server's own kind decides, not the URL's scheme.
    expect(await run('sql', 'select natural_sort_key(name) from customers where id = 1')).toMatchObject({ status: 0 });
    expect(await run('sql', 'delete from customers')).toMatchObject({ status: 5 });
    const doctor = await runCommand(['doctor', '--db', `${mariadbUrl()}/${name}`], sandbox);
    expect(doctor.stdout).toContain('mariadb 1');
    expect(`${statement.stdout}${doctor.stdout}${doctor.stderr}`).not.toContain(env.MYSQL_PWD);
  } finally {
    await admin.query(`DROP DATABASE ${name}`);
    await admin.end();
  }
});
