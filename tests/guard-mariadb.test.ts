import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadGuard } from '#core/guard/load-guard.ts';
import { arbitraryPieces } from '#core/guard/testing/arbitrary-mysql.ts';
import { arbitraryMysqlSelect } from '#core/guard/testing/arbitrary-mysql-select.ts';
import { arbitrarySelect } from '#core/guard/testing/arbitrary-sql.ts';
import { Hostile, sharedLines, Valid } from '#core/guard/testing/corpora.ts';
import { MARIADB } from '#core/guard/testing/dialects/mariadb.ts';
import { MYSQL } from '#core/guard/testing/dialects/mysql.ts';
import { arbitraryMutation } from '#core/guard/testing/mutations.ts';
import type { Allowed, Guard } from '#core/guard/verdict.ts';
import { mariadbUrl } from '#core/testing/mariadb-url.ts';

const NAME = `guard_${randomBytes(4).toString('hex')}`;
const PASSWORD = randomBytes(8).toString('hex');

const TABLES = [
  'create table t (a int, b varchar(20), id int, k int, d int, data text, fulltext f (b), index i (a))',
  'create table u like t',
  'create table secret like t',
  'create table audit (n int)',
  'create sequence s',
  'create function own(x int) returns int begin insert into audit values (x); return x; end',
  'create function my_function(x int) returns int begin insert into audit values (x); return x; end',
  'create procedure p() insert into audit values (1)',
  "insert into t values (1, 'x', 1, 1, 1, '[1]'), (2, 'y', 2, 2, 2, '[2]'), (3, 'z', 3, 3, 3, null)",
  "insert into secret values (1, 'x', 1, 42, 1, '[]')",
];

/** Everything that a statement could leave behind, in rows that are compared as text. */
const STATE = [
  'checksum table t, u, secret, audit, s, mysql.global_priv, mysql.db, mysql.tables_priv, mysql.columns_priv, mysql.func, mysql.plugin, mysql.proc, mysql.event, mysql.servers',
  "select table_schema, table_name, create_time from information_schema.tables where table_schema <> 'information_schema' order by 1, 2",
  `select * from information_schema.global_variables where variable_name not regexp '^(gtid_|timestamp|innodb_)'`,
  `select * from information_schema.session_variables
   where variable_name not regexp '^(gtid_|timestamp|innodb_|rand_seed|(error|warning)_count|last_gtid|in_transaction)'`,
  "select @x, @v, @y, last_insert_id(), is_used_lock('x'), is_used_lock('a'), @@in_transaction",
];

interface ServerError extends Error {
  readonly errno: number;
}

const isServerError = (error: unknown): error is ServerError => error instanceof Error && 'errno' in error;
const TABLE_DENIED = 1142;
const COLUMN_DENIED = 1143;

describe('what the guard allows, asked of MariaDB', () => {
  let connections: mysql.Connection[];
  /** May do anything. */
  let admin: mysql.Connection;
  /** May not read `secret`, but for its id. */
  let reader: mysql.Connection;
  let guard: Guard;
  /** How often the reader was told that it may not. */
  let denials = 0;

  async function connect(user: string, password: string): Promise<mysql.Connection> {
    const { hostname, port } = new URL(mariadbUrl());
    const connection = await mysql.createConnection({ host: hostname, port: Number(port), user, password });
    connections.push(connection);
    await connection.query('set max_statement_time = 0.3, sql_mode = concat(@@sql_mode, ",IGNORE_SPACE")');
    return connection;
  }

  beforeAll(async () => {
    connections = [];
    const { username, password } = new URL(mariadbUrl());
    admin = await connect(username, password);
    await admin.query(`create database ${NAME} character set utf8mb4`);
    await admin.query(`use ${NAME}`);
    for (const sql of TABLES) await admin.query(sql);
    await admin.query(`create user ${NAME}@'127.0.0.1' identified by '${PASSWORD}'`);
    for (const what of ['select on t', 'select on u', 'select (id) on secret', 'execute on *']) {
      await admin.query(`grant ${what.replace(/ on (\S+)/, ` on ${NAME}.$1`)} to ${NAME}@'127.0.0.1'`);
    }
    reader = await connect(NAME, PASSWORD);
    await reader.query(`use ${NAME}`);
    guard = await loadGuard('mariadb');
  });

  afterAll(async () => {
    await admin.query(`drop database ${NAME}`);
    await admin.query(`drop user ${NAME}@'127.0.0.1'`);
    await Promise.all(connections.map((connection) => connection.end()));
  });

  async function state(): Promise<string[]> {
    const states: string[] = [];
    for (const sql of STATE) states.push(JSON.stringify((await admin.query(sql))[0]));
    return [...states, JSON.stringify(await files())];
  }

  /** What the server could have written with INTO OUTFILE, where this test can see it. */
  async function files(): Promise<string[]> {
    const [rows] = await admin.query<mysql.RowDataPacket[]>('select @@secure_file_priv as folder');
    try {
      return readdirSync(String(rows[0]?.['folder'])).sort();
    } catch {
      return [];
    }
  }

  async function isDone(connection: mysql.Connection, sql: string): Promise<boolean> {
    try {
      await connection.query(sql);
      return true;
    } catch (error) {
      if (!isServerError(error)) throw error;
      return false;
    }
  }

  /** How many of those that are allowed MariaDB could run; none of them leaves anything behind. */
  async function runAll(statements: readonly string[]): Promise<number> {
    const before = await state();
    let succeeded = 0;
    for (const sql of statements) {
      if ((await guard.check(sql)).verdict === 'allow') succeeded += Number(await isDone(admin, sql));
    }
    expect(await state()).toEqual(before);
    return succeeded;
  }

  const prepare = (sql: string) => `prepare statement from ${mysql.escape(sql)}`;
  const hostile = () => [
    ...Object.values(MARIADB.refused).flat(),
    ...Object.values(MYSQL.refused).flat(),
    ...sharedLines('corpora/hostile/mariadb.jsonl', Hostile).map(({ sql }) => sql),
    ...sharedLines('corpora/hostile/mysql.jsonl', Hostile).map(({ sql }) => sql),
  ];

  test('lists and corpora change nothing', { timeout: 120_000 }, async () => {
    const valid = [
      ...sharedLines('corpora/valid/mariadb.jsonl', Valid),
      ...sharedLines('corpora/valid/mysql.jsonl', Valid),
    ].map(({ sql }) => sql);
    expect(await runAll([...MARIADB.allowed, ...MYSQL.allowed, ...valid])).toBeGreaterThan(20);
  });

  test('hostile statements change nothing, however they are written', { timeout: 120_000 }, async () => {
    const statements = hostile();
    const mutated = fc
      .tuple(fc.constantFrom(...statements), arbitraryMutation(MARIADB.mutations))
      .map(([sql, mutate]) => mutate(sql));
    await runAll([...statements, ...fc.sample(mutated, 3_000)]);
  });

  test('random statements change nothing', { timeout: 120_000 }, async () => {
    const common = fc.sample(arbitrarySelect, 200).map((sample) => sample.with('abs(1)'));
    expect(await runAll([...fc.sample(arbitraryMysqlSelect, 1_000), ...common])).toBeGreaterThan(20);
    expect(await runAll(fc.sample(arbitraryPieces, 5_000))).toBeGreaterThan(20);
  });

  /** What the reader may not read, the verdict must name. */
  async function expectNamed(sql: string, { tables, columnUses }: Allowed): Promise<void> {
    try {
      await reader.query(prepare(sql));
    } catch (error) {
      if (!isServerError(error)) throw error;
      denials++;
      if (error.errno === TABLE_DENIED) {
        expect(
          tables.map(({ name }) => name),
          sql,
        ).toContain('secret');
      } else if (error.errno === COLUMN_DENIED) {
        const column = /for column '(.+?)'/.exec(error.message)?.[1]?.toLowerCase() ?? '';
        const ofSecret = columnUses.filter((use) => use.tables.some(({ name }) => name === 'secret'));
        expect(
          ofSecret.map(({ name }) => (name === '*' ? column : name)),
          sql,
        ).toContain(column);
      }
    }
  }

  test.each([
    ['SELECTs of the grammar', arbitraryMysqlSelect, 3_000],
    ['pieces put together', arbitraryPieces, 15_000],
  ])(
    '%s: what MariaDB can prepare is understood, and all it reads is named',
    {
      timeout: 300_000,
    },
    async (_, arbitrary, count) => {
      let prepared = 0;
      for (const sql of fc.sample(arbitrary, count)) {
        if (!(await isDone(admin, prepare(sql)))) continue;
        const verdict = await guard.check(sql);
        if (verdict.verdict === 'allow') {
          prepared++;
          await expectNamed(sql, verdict);
        } else if (verdict.code === 'STATEMENT_INVALID') expect(`${verdict.reason} ${sql}`).toContain('no statement');
      }
      expect(prepared).toBeGreaterThan(20);
      expect(denials).toBeGreaterThan(5);
    },
  );

  test('this test sees a write, and a column that is not named', async () => {
    for (const sql of ['do nextval(s)', 'select own(1)', 'set @x = 2', "do get_lock('x', 0)", 'do last_insert_id(7)']) {
      const before = await state();
      await admin.query(sql);
      expect(await state(), sql).not.toEqual(before);
    }
    const unnamed: Allowed = { verdict: 'allow', tables: [], columns: [], functions: [], columnUses: [] };
    await expect(expectNamed('select k from secret', unnamed)).rejects.toThrow('secret');
  });
});
