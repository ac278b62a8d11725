import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadGuard } from '#core/guard/load-guard.ts';
import { arbitrarySelect } from '#core/guard/testing/arbitrary-sql.ts';
import { Hostile, sharedLines, Valid } from '#core/guard/testing/corpora.ts';
import { POSTGRES } from '#core/guard/testing/dialects/postgres.ts';
import { arbitraryMutation } from '#core/guard/testing/mutations.ts';
import { arbitrarySplice } from '#core/guard/testing/splices.ts';
import type { Guard } from '#core/guard/verdict.ts';
import { connected } from './support/connected.ts';
import { noOwnPostgres, OwnPostgres } from './support/own-postgres.ts';
import { SESSION_STATE, serverState } from './support/postgres-state.ts';

/** Tables of the names that the corpora and the samples use, and functions behind names that a read may hold. */
const TABLES = `
  CREATE EXTENSION dblink; CREATE EXTENSION adminpack; CREATE EXTENSION hstore; CREATE EXTENSION pg_surgery;
  CREATE TABLE t (a int, b text, c text, d int, id int, v text, u int, name text, data jsonb);
  CREATE TABLE u (a int, b text, d int);
  CREATE TABLE secret (id int, k text);
  CREATE TABLE orders (id int, customer_id int, total numeric, placed_at timestamptz, status text);
  CREATE TABLE customers (id int, name text);
  CREATE SEQUENCE s;
  CREATE FUNCTION my_function(int) RETURNS int LANGUAGE sql AS 'INSERT INTO u VALUES ($1) RETURNING 1';
  CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT my_function(1)';
  CREATE DOMAIN own AS int CHECK (my_function(VALUE) = 1);
  CREATE TYPE order_status AS ENUM ('active');
  CREATE FUNCTION field(t) RETURNS int LANGUAGE sql AS 'SELECT my_function(1)';
  INSERT INTO t SELECT i, i::text, 'c', i, i, 'v' FROM generate_series(1, 5) i;
  INSERT INTO secret VALUES (1, 'hunter2');
  SELECT lo_from_bytea(0, 'x');`;

describe.skipIf(noOwnPostgres() !== null)('what the guard allows, run as superuser where it may write', () => {
  let server: OwnPostgres;
  let client: pg.Client;
  let guard: Guard;

  beforeAll(async () => {
    [server, guard] = await Promise.all([OwnPostgres.start(), loadGuard('postgres')]);
    await server.admin.query(TABLES);
    client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query("SET statement_timeout = '200ms'");
  });
  afterAll(async () => {
    await client.end();
    await server[Symbol.asyncDispose]();
  });

  const state = async () => ({
    ...(await serverState(server, server.admin)),
    ...(await client.query(SESSION_STATE)).rows[0],
  });

  /** Runs what is allowed, each by itself, committed; the numbers of what was allowed and of what PostgreSQL could run. */
  async function expectNoChange(statements: Iterable<string>): Promise<{ allowed: number; ran: number }> {
    const before = await state();
    const count = { allowed: 0, ran: 0 };
    for (const sql of statements) {
      if ((await guard.check(sql)).verdict === 'deny') continue;
      count.allowed++;
      try {
        await client.query(sql);
        count.ran++;
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) throw error;
      }
    }
    expect(await state()).toEqual(before);
    return count;
  }

  const hostile = [
    ...sharedLines('corpora/hostile/postgres.jsonl', Hostile).map(({ sql }) => sql),
    ...Object.values(POSTGRES.refused).flat(),
  ];
  const valid = [...sharedLines('corpora/valid/postgres.jsonl', Valid).map(({ sql }) => sql), ...POSTGRES.allowed];

  const KINDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
    'hostile statements written differently': fc
      .tuple(fc.constantFrom(...hostile), arbitraryMutation(POSTGRES.mutations))
      .map(([sql, mutate]) => mutate(sql)),
    'pieces of hostile statements in honest ones': arbitrarySplice(hostile, valid),
    'pieces of honest statements in hostile ones': arbitrarySplice(valid, hostile),
    'harmful expressions in random statements': fc
      .tuple(arbitrarySelect, fc.constantFrom(...POSTGRES.harmful), arbitraryMutation(POSTGRES.mutations))
      .map(([sample, harmful, mutate]) => mutate(sample.with(harmful))),
    'random statements': arbitrarySelect.map((sample) => sample.with('abs(1)')),
  };

  /** Most splices are no SQL at all; a random statement runs to its time limit now and then. */
  const RUNS: Readonly<Record<string, number>> = {
    'pieces of hostile statements in honest ones': 15_000,
    'pieces of honest statements in hostile ones': 15_000,
    'harmful expressions in random statements': 2_000,
    'random statements': 300,
  };

  test.each(Object.entries(KINDS))('%s change nothing', { timeout: 60_000 }, async (name, arbitrary) => {
    const statements = fc.sample(arbitrary, { numRuns: RUNS[name] ?? 4_000 });
    const { allowed, ran } = await expectNoChange(statements);
    console.info(`postgres, ${name}: ${statements.length} made, ${allowed} allowed, ${ran} run`);
  });

  test('this test sees a write', async () => {
    const before = await state();
    await using other = await connected(server.url);
    await other.client.query("SELECT nextval('s')");
    expect(await state()).not.toEqual(before);
  });
});
