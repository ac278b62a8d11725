import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadGuard } from '#core/guard/load-guard.ts';
import { arbitrarySelect } from '#core/guard/testing/arbitrary-sql.ts';
import { Hostile, sharedLines, Valid } from '#core/guard/testing/corpora.ts';
import { POSTGRES } from '#core/guard/testing/dialects/postgres.ts';
import type { Guard } from '#core/guard/verdict.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';

const DATABASE = `guard_engine_${randomBytes(4).toString('hex')}`;

const TABLES = `
  create table t (a int, b text, c text, id int, v text);
  create table u (d int);
  create table secret (id int, k text);
  create sequence s;
  create type order_status as enum ('active');
  create function writer(int) returns int language sql as 'insert into u values ($1) returning 1';
  create function my_function(int) returns int language sql as 'insert into u values ($1) returning 1';
  insert into t select i, i::text, 'c', i, 'v' from generate_series(1, 5) i;
  insert into secret values (1, 'hunter2');
`;

/** Everything that a statement could leave behind in this database and in this session. */
const STATE = `
  select md5(concat(
    (select string_agg(x::text, ',' order by x::text) from (select oid, relname, relfilenode, relkind from pg_class) x),
    (select string_agg(x::text, ',' order by x::text) from (select oid, proname, prosrc from pg_proc) x),
    (select string_agg(t::text, ',' order by t::text) from t),
    (select string_agg(u::text, ',' order by u::text) from u),
    (select string_agg(secret::text, ',' order by secret::text) from secret),
    (select concat(last_value, is_called) from s),
    (select count(*) from pg_largeobject_metadata),
    (select string_agg(name || setting, ',' order by name) from pg_settings
       where name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')),
    (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
    (select count(*) from pg_listening_channels()),
    (select count(*) from pg_prepared_statements),
    (select count(*) from pg_cursors where name <> ''),
    (select string_agg(oid::text, ',') from pg_extension)
  )) as state`;

describe('what the guard allows, run by PostgreSQL where it may write', () => {
  let admin: pg.Client;
  let client: pg.Client;
  let guard: Guard;

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: postgresUrl() });
    await admin.connect();
    await admin.query(`create database ${DATABASE}`);
    const url = new URL(postgresUrl());
    url.pathname = `/${DATABASE}`;
    client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(TABLES);
    await client.query("set statement_timeout = '300ms'; set jit = off");
    guard = await loadGuard('postgres');
  });

  afterAll(async () => {
    await client.end();
    await admin.query(`drop database ${DATABASE}`);
    await admin.end();
  });

  const state = async (): Promise<unknown> => (await client.query<{ state: string }>(STATE)).rows[0]?.state;

  /** Runs what is allowed, each in a transaction of its own that may write; whether PostgreSQL could run it. */
  async function run(sql: string): Promise<boolean> {
    if ((await guard.check(sql)).verdict === 'deny') return false;
    await client.query('begin');
    try {
      await client.query(sql);
      const { rows } = await client.query<{ id: string | null }>('select pg_current_xact_id_if_assigned()::text as id');
      // PostgreSQL gives a transaction its number when it first writes.
      expect(rows[0]?.id, sql).toBeNull();
      await client.query('commit');
      return true;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      await client.query('rollback');
      return false;
    }
  }

  async function runAll(statements: readonly string[]): Promise<number> {
    const before = await state();
    let succeeded = 0;
    for (const sql of statements) succeeded += Number(await run(sql));
    expect(await state()).toBe(before);
    return succeeded;
  }

  test('lists and corpora change nothing', { timeout: 120_000 }, async () => {
    const valid = sharedLines('corpora/valid/postgres.jsonl', Valid).map(({ sql }) => sql);
    const statements = [...POSTGRES.allowed, ...Object.values(POSTGRES.refused).flat(), ...valid];
    expect(await runAll(statements)).toBeGreaterThan(5);
  });

  test('hostile statements change nothing, not even those that may pass', { timeout: 120_000 }, async () => {
    await runAll(sharedLines('corpora/hostile/postgres.jsonl', Hostile).map(({ sql }) => sql));
  });

  test('random statements change nothing', { timeout: 120_000 }, async () => {
    const statements = fc.sample(arbitrarySelect, 150).map((sample) => sample.with('abs(1)'));
    expect(await runAll(statements)).toBeGreaterThan(5);
  });

  test('this test sees a write', async () => {
    const before = await state();
    await client.query("select nextval('s')");
    expect(await state()).not.toBe(before);
  });
});
