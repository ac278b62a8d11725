import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { ReadOnlySession } from '#agent/connectors/testing/read-only-session.ts';
import { Hostile, sharedLines } from '#core/guard/testing/corpora.ts';
import { connected } from './support/connected.ts';
import { GuardlessAgent } from './support/guardless-agent.ts';
import { noOwnPostgres, OwnPostgres } from './support/own-postgres.ts';
import { MODE_PASSES, PASSES, PASSING } from './support/postgres-passes.ts';
import { SESSION_STATE, type State, serverState } from './support/postgres-state.ts';
import { makesObjects, postgresSuite, type SuiteStatement, withKinds } from './support/postgres-suite.ts';

/** Statements that are sent by the thousand, most of them refused at once; the others may not hold the test up. */
const LIMITS = { timeoutMs: 300 };

const PREPARED = `
  CREATE TABLE t (a int, b text, c text, id int, v text);
  CREATE TABLE u (d int);
  CREATE TABLE secret (id int, k text);
  CREATE TABLE scrap (a int);
  CREATE SEQUENCE s;
  CREATE FUNCTION writer(int) RETURNS int LANGUAGE sql AS 'INSERT INTO u VALUES ($1) RETURNING 1';
  CREATE VIEW writing AS SELECT writer(1);
  INSERT INTO t SELECT i, i::text, 'c', i, 'v' FROM generate_series(1, 5) i;
  INSERT INTO secret VALUES (1, 'hunter2');
  INSERT INTO scrap VALUES (1);
  SELECT lo_from_bytea(0, 'x');`;
const EXTENSIONS = ['dblink', 'adminpack', 'pg_surgery', 'postgres_fdw', 'pageinspect', 'lo'];

const changed = (before: State, after: State): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((piece) => before[piece] !== after[piece]);

describe.skipIf(noOwnPostgres() !== null)('PostgreSQL with both guards taken away', () => {
  let server: OwnPostgres;
  let suite: readonly SuiteStatement[];
  let hostile: readonly SuiteStatement[];

  beforeAll(async () => {
    const corpus = sharedLines('corpora/hostile/postgres.jsonl', Hostile).map(({ sql }) => sql);
    [server, suite, hostile] = await Promise.all([OwnPostgres.start(), postgresSuite(), withKinds(corpus)]);
    await server.createRole('keeper', 'CREATEROLE');
    await prepare('small', 'keeper', []);
    await Promise.all([prepare('as_superuser', 'postgres', suite), prepare('as_owner', 'keeper', suite)]);
  }, 120_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  async function prepare(database: string, user: string, makers: readonly SuiteStatement[]): Promise<void> {
    await server.admin.query(`CREATE DATABASE ${database} OWNER ${user}`);
    await using admin = await connected(server.urlOf({ database }));
    for (const name of EXTENSIONS) await admin.client.query(`CREATE EXTENSION IF NOT EXISTS ${name}`);
    await using owner = await connected(server.urlOf({ database, user }));
    await owner.client.query("SET statement_timeout = '2s'");
    await owner.client.query(PREPARED);
    // What the suite means to fail, fails.
    for (const { sql } of makers.filter(makesObjects)) await owner.client.query(sql).catch(() => undefined);
  }

  /** Fails at the first piece of the state that is not what it was. */
  async function expectUnchanged(database: string, send: () => Promise<void>): Promise<void> {
    await using admin = await connected(server.urlOf({ database }));
    const before = await serverState(server, admin.client);
    await send();
    expect(changed(before, await serverState(server, admin.client))).toEqual([]);
  }

  /** All but plain queries of the suite, which are thousands and no DML and no DDL. */
  const statements = (isSent: (statement: SuiteStatement) => boolean): string[] =>
    [...hostile, ...suite.filter(({ kind }) => kind !== 'SelectStmt')]
      .filter((statement) => isSent(statement) && !PASSING.test(statement.sql))
      .map(({ sql }) => sql);

  test.each([
    ['superuser', 'as_superuser', 'postgres'],
    ['plain owner', 'as_owner', 'keeper'],
  ])('the agent lets a %s change nothing', { timeout: 120_000 }, async (_role, database, user) => {
    await using agent = await GuardlessAgent.start(server.urlOf({ database, user }));
    const session = async () => (await agent.run(SESSION_STATE)).rows;
    const clean = await session();
    await expectUnchanged(database, async () => {
      const codes = new Map<string, number>();
      for (const sql of statements(() => true)) {
        const { code } = await agent.run(sql, LIMITS);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      console.info(`${user}: ${JSON.stringify(Object.fromEntries(codes))}`);
    });
    expect(await session()).toEqual(clean);
  });

  test('the read-only transaction alone lets no DML and no DDL through', { timeout: 120_000 }, async () => {
    const settings = parseDatabaseUrl(server.urlOf({ database: 'as_superuser' }));
    if (settings.dialect !== 'postgres') throw new Error('No PostgreSQL URL.');
    await using session = new ReadOnlySession(settings);
    await expectUnchanged('as_superuser', async () => {
      for (const sql of statements((statement) => !passesMode(statement))) {
        await session.run(sql, LIMITS.timeoutMs).catch(() => undefined);
      }
    });
  });

  test.each(PASSES)('what passes all the same is told: $name', async ({ statement, changes, ownerToo }) => {
    const sql = statement.replace('CANARY', server.canary).replace('SELF', selfConnection(server));
    await using admin = await connected(server.urlOf({ database: 'small' }));
    await using agent = await GuardlessAgent.start(server.urlOf({ database: 'small' }));
    const before = await serverState(server, admin.client);
    expect(await agent.run(sql)).toMatchObject({ code: 'OK' });
    if (changes !== null) expect(changed(before, await serverState(server, admin.client)).join('\n')).toMatch(changes);
    await using owner = await GuardlessAgent.start(server.urlOf({ database: 'small', user: 'keeper' }));
    expect((await owner.run(sql)).code === 'OK').toBe(ownerToo === true);
  });

  test('docs/security.md tells the same list', () => {
    const page = readFileSync(new URL('../docs/security.md', import.meta.url), 'utf8');
    const section = page.split('## ').find((text) => text.startsWith('What only the guard stops')) ?? '';
    const told = [...section.matchAll(/^- `(\w+)`: (.*)\.$/gm)].map(([, name, why]) => ({ name, why }));
    const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) =>
      (a.name ?? '').localeCompare(b.name ?? '');
    expect(told.sort(byName)).toEqual(PASSES.map(({ name, why }) => ({ name, why })).sort(byName));
    for (const name of Object.values(MODE_PASSES)) expect(section).toContain(`\`${name}\``);
  });

  test('this test sees what changes', async () => {
    await using admin = await connected(server.urlOf({ database: 'small' }));
    const changes = {
      'public.u': 'INSERT INTO u VALUES (1)',
      'public.s': "SELECT nextval('s')",
      'pg_catalog.pg_authid': "ALTER ROLE keeper PASSWORD 'x'",
      'pg_catalog.pg_db_role_setting': "ALTER ROLE keeper SET work_mem = '1MB'",
      'pg_catalog.pg_largeobject_metadata': 'SELECT lo_create(0)',
      'file postgresql.auto.conf': "ALTER SYSTEM SET work_mem = '1MB'",
      'file by_copy': `COPY (SELECT 1) TO '${server.canary}/by_copy'`,
      'advisory locks': 'SELECT pg_advisory_lock(1)',
      'prepared transactions': "BEGIN; INSERT INTO u VALUES (2); PREPARE TRANSACTION 'seen'",
    };
    for (const [piece, sql] of Object.entries(changes)) {
      const before = await serverState(server, admin.client);
      await admin.client.query(sql);
      expect(changed(before, await serverState(server, admin.client)), sql).toContain(piece);
    }
  });

  const selfConnection = (own: OwnPostgres): string => {
    const { port, password } = new URL(own.url);
    return `host=127.0.0.1 port=${port} dbname=small user=postgres password=${password}`;
  };
});

/** ROLLBACK is what it is, and so is COPY FROM: of those kinds only what passes is left out. */
function passesMode({ kind, sql }: SuiteStatement): boolean {
  if (kind === 'TransactionStmt' || kind === 'invalid') return /\bprepare\s+transaction\b/i.test(sql);
  if (kind === 'CopyStmt') return /\bto\b/i.test(sql);
  return kind in MODE_PASSES;
}
