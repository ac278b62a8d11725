import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadGuard } from './load-guard.ts';
import { arbitrarySelect } from './testing/arbitrary-sql.ts';
import { Hostile, sharedLines, Valid } from './testing/corpora.ts';
import { DUCKDB } from './testing/dialects/duckdb.ts';
import { arbitraryMutation } from './testing/mutations.ts';
import type { Guard } from './verdict.ts';

/** A database that may write, with nothing locked down: whatever leaks through the guard shows. */
const TABLES = `
  create table t (a integer, b varchar, c varchar, d integer, e integer, f integer, g integer, h integer, id integer,
    l integer[], s struct(a integer, b varchar), data json);
  insert into t values (1, 'x', 'y', 2, 3, 4, 5, 6, 7, [1, 2], {'a': 1, 'b': 'z'}, '{"a": 1}');
  create table u (d integer); insert into u values (1), (2);
  create table secret (id integer, k varchar); insert into secret values (1, 'k');
  create table orders (id integer, name varchar, total integer, placed_at timestamp, customer_id integer, status varchar);
  create table customers (id integer, name varchar);
  create table integers (i integer); insert into integers values (1), (2), (3), (null);
  create table test (a integer, b integer); insert into test values (11, 22), (13, 22);
  create view v as select a from t;
  create sequence s;
  create type mood as enum ('ok');
  create macro my_macro(x) as x + 1;
  set variable x = 1;`;

/** All that a statement could have changed. */
const STATE = [
  'select * from duckdb_tables() order by all',
  'select * from duckdb_views() where not internal order by all',
  'select * from duckdb_sequences() order by all',
  'select * from duckdb_types() where not internal order by all',
  'select * from duckdb_functions() where not internal order by all',
  'select * from duckdb_schemas() where not internal order by all',
  'select * from duckdb_databases() order by all',
  'select name, value from duckdb_settings() order by all',
  'select extension_name, loaded, installed from duckdb_extensions() order by all',
  'select * from duckdb_variables() order by all',
  'select name from duckdb_secrets() order by all',
  'select * from duckdb_prepared_statements() order by all',
  ...['t', 'u', 'secret', 'orders', 'customers', 'integers', 'test'].map((table) => `from ${table} order by all`),
];
/** A statement that only takes its time has done nothing else. */
const QUERY_MS = 500;

describe('what the guard allows, run on DuckDB', () => {
  let guard: Guard;
  let connection: DuckDBConnection;
  let folder: string;
  let before: Record<string, unknown>;

  async function state(): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const sql of STATE) found[sql] = await (await connection.run(sql)).getRowsJson();
    const files = readdirSync(folder, { recursive: true }).map(String).toSorted();
    found['files'] = files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]);
    return found;
  }

  /** Runs what is allowed; whether it ran to its end. */
  async function run(sql: string): Promise<boolean> {
    if ((await guard.check(sql)).verdict === 'deny') return false;
    const timer = setTimeout(() => connection.interrupt(), QUERY_MS);
    try {
      // One statement, as the agent runs it.
      const prepared = await connection.prepare(sql);
      const result = await prepared.stream();
      await result.fetchChunk();
      prepared.destroySync();
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  async function expectUnchanged(sql: string): Promise<void> {
    expect(await state(), sql).toEqual(before);
  }

  /** Compared now and then; a difference is then looked for statement by statement by who reads the test's message. */
  async function runAll(statements: readonly string[], every = 50): Promise<number> {
    let ran = 0;
    for (const [index, sql] of statements.entries()) {
      ran += Number(await run(sql));
      if (index % every === every - 1) await expectUnchanged(statements.slice(index - every + 1, index + 1).join('\n'));
    }
    await expectUnchanged('the last ones');
    return ran;
  }

  beforeAll(async () => {
    guard = await loadGuard('duckdb');
    folder = mkdtempSync(join(tmpdir(), 'custard-duckdb-'));
    const instance = await DuckDBInstance.create(join(folder, 'file.duckdb'), {
      ...{ threads: '1', memory_limit: '256MB', temp_directory: '', autoinstall_known_extensions: 'false' },
      ...{ autoload_known_extensions: 'false', home_directory: folder },
    });
    connection = await instance.connect();
    await connection.run(TABLES);
    await connection.run('checkpoint');
    await connection.run(`copy u to '${join(folder, 'file.csv')}'`);
    await connection.run(`set file_search_path = '${folder}'`);
    before = await state();
  });
  afterAll(() => {
    connection.closeSync();
    rmSync(folder, { recursive: true });
  });

  test('the state tells what has changed', async () => {
    for (const [change, back] of [
      ["select nextval('s')", 'create or replace sequence s'],
      ["attach ':memory:' as m", 'detach m'],
      ['set variable x = 2', 'set variable x = 1'],
      [`copy u to '${join(folder, 'other.csv')}'`, ''],
    ] as const) {
      before = await state();
      await (await connection.run(change)).getRows();
      expect(await state(), change).not.toEqual(before);
      if (back !== '') await connection.run(back);
      rmSync(join(folder, 'other.csv'), { force: true });
      before = await state();
    }
  });

  test('lists and corpora', { timeout: 120_000 }, async () => {
    const ran = await runAll([
      ...DUCKDB.allowed,
      ...Object.values(DUCKDB.refused).flat(),
      "from 'file.csv'",
      'from file.csv',
      'select * from "file.csv" x',
      ...sharedLines('corpora/hostile/duckdb.jsonl', Hostile).map(({ sql }) => sql),
      ...sharedLines('corpora/valid/duckdb.jsonl', Valid).map(({ sql }) => sql),
    ]);
    expect(ran).toBeGreaterThan(20);
  });

  test('random statements', { timeout: 60_000 }, async () => {
    const statements = fc.sample(arbitrarySelect, 500).map((sample) => sample.with('abs(a)'));
    expect(await runAll(statements, 250)).toBeGreaterThan(50);
  });

  test('hostile statements written differently', { timeout: 60_000 }, async () => {
    const hostile = [
      ...Object.values(DUCKDB.refused).flat(),
      ...sharedLines('corpora/hostile/duckdb.jsonl', Hostile).map(({ sql }) => sql),
    ];
    const mutated = fc
      .tuple(fc.constantFrom(...hostile), arbitraryMutation(DUCKDB.mutations))
      .map(([sql, mutate]) => mutate(sql));
    await runAll(fc.sample(mutated, 2_000));
  });

  test('pieces of statements put together at random', { timeout: 120_000 }, async () => {
    const pieces = `select from t u a b 1 'x' , ( ) * . as in not null where over with values union all order~by
      group~by limit abs( count(*) case~when then end join left natural cross on using is like and cast( || -> exists
      recursive exclude( replace( columns( describe summarize pivot unpivot 'file.csv' file.csv nextval('s')
      read_csv('file.csv') s explain explain~analyze drop~table~u insert~into~u delete~from~u copy~u~to~'x.csv'
      attach~'x' set~threads=2 ; -- \\n /* */ $1 [ ] { : } lambda x: rename( qualify sample asof positional`;
    const piece = fc.constantFrom(...pieces.split(/\s+/).map((text) => text.replaceAll('~', ' ').replace('\\n', '\n')));
    const start = fc.constantFrom('select', 'from', 'describe', 'explain', 'with x as (select 1)', '');
    const text = fc
      .tuple(start, fc.array(piece, { minLength: 1, maxLength: 10 }))
      .map(([head, parts]) => `${head} ${parts.join(' ')}`);
    expect(await runAll(fc.sample(text, 10_000), 1_000)).toBeGreaterThan(5);
  });
});
