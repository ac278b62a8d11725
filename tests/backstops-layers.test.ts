import { randomBytes } from 'node:crypto';
import { DatabaseError } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { refuseUnlessQuery } from '#agent/connectors/postgres/first-word.ts';
import { ReadOnlySession } from '#agent/connectors/testing/read-only-session.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import { connected } from './support/connected.ts';
import { Database } from './support/database.ts';
import { GuardlessAgent } from './support/guardless-agent.ts';

/** What no layer may let through alone. */
const WRITES = [
  "INSERT INTO t VALUES (9, 'x')",
  'UPDATE t SET b = a::text',
  'DELETE FROM t',
  'TRUNCATE t',
  'MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE',
  "COPY t FROM PROGRAM 'echo 1'",
  'CREATE TABLE made (a int)',
  'CREATE TABLE made AS SELECT 1',
  'CREATE VIEW made AS SELECT 1',
  "CREATE FUNCTION made() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  'CREATE ROLE made',
  'ALTER TABLE t ADD COLUMN made int',
  'DROP TABLE t',
  'GRANT ALL ON t TO public',
  "COMMENT ON TABLE t IS 'made'",
  'DO $$BEGIN DELETE FROM t; END$$',
];
/** These begin as queries: their first word cannot tell. */
const WRITING_QUERIES = [
  'SELECT * INTO made FROM t',
  'WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone',
  'EXPLAIN ANALYZE DELETE FROM t',
  'SELECT writer(9)',
  'SELECT * FROM writing',
  'SELECT * FROM t FOR UPDATE',
  "SELECT nextval('s')",
];
const ESCAPES = [
  'begin read only; commit; create table made()',
  'SELECT 1; DROP TABLE t',
  'COMMIT; DROP TABLE t',
  'ROLLBACK; DELETE FROM t; SELECT 1',
];

const SETUP = [
  'CREATE TABLE t (a int, b text)',
  'CREATE TABLE u (a int)',
  'CREATE SEQUENCE s',
  "INSERT INTO t VALUES (1, 'x'), (2, 'y')",
  'INSERT INTO u VALUES (1)',
  "CREATE FUNCTION writer(int) RETURNS int LANGUAGE sql AS 'INSERT INTO u VALUES ($1) RETURNING 1'",
  'CREATE VIEW writing AS SELECT writer(7)',
  'REVOKE TEMPORARY ON DATABASE current_database FROM public',
];

describe('each layer alone, the others taken away', () => {
  let database: Database;
  const reader = { name: `reader_${randomBytes(4).toString('hex')}`, url: '' };

  beforeAll(async () => {
    database = await Database.create();
    for (const sql of SETUP) await database.admin.query(sql.replace('current_database', database.name));
    await database.admin.query(`CREATE ROLE ${reader.name} LOGIN PASSWORD 'only-read'`);
    await database.admin.query(`GRANT SELECT ON t TO ${reader.name}`);
    const url = new URL(database.url);
    Object.assign(url, { username: reader.name, password: 'only-read' });
    reader.url = url.href;
  });
  afterAll(async () => {
    await database.admin.query(`DROP OWNED BY ${reader.name}`);
    await database.admin.query(`DROP ROLE ${reader.name}`);
    await database[Symbol.asyncDispose]();
  });

  const STATE = `SELECT (SELECT string_agg(t::text, ',') FROM t) AS t, (SELECT string_agg(u::text, ',') FROM u) AS u,
    (SELECT last_value || is_called::text FROM s) AS s,
    (SELECT sum(hashtextextended(c::text, 0)) FROM pg_class c WHERE relnamespace = 'public'::regnamespace) AS relations,
    (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace) AS functions,
    (SELECT count(*) FROM pg_roles WHERE rolname = 'made') AS roles, (SELECT count(*) FROM pg_description) AS comments`;
  const state = async () => (await database.admin.query(STATE)).rows[0];

  async function expectNoneToPass(statements: readonly string[], send: (sql: string) => Promise<void>): Promise<void> {
    const before = await state();
    for (const sql of statements) {
      await send(sql);
      expect(await state(), sql).toEqual(before);
    }
  }

  test('the guard alone', async () => {
    const guard = await loadGuard('postgres');
    // A view that writes only the schema can tell of.
    const seen = [...WRITES, ...WRITING_QUERIES, ...ESCAPES].filter((sql) => sql !== 'SELECT * FROM writing');
    for (const sql of seen) expect(await guard.check(sql), sql).toMatchObject({ verdict: 'deny' });
  });

  test('the first word alone, of what does not begin as a query', () => {
    for (const sql of WRITES) expect(() => refuseUnlessQuery(sql), sql).toThrow();
  });

  test('the protocol alone carries one statement, in a session that may write', async () => {
    await using client = await connected(database.url);
    await expectNoneToPass(ESCAPES, async (sql) => {
      // With a name pg speaks the extended protocol, as the connector always does.
      const sent = client.client.query({ text: sql, name: sql.slice(0, 20) });
      await expect(sent, sql).rejects.toMatchObject({ code: '42601' });
    });
    // The simple protocol is no such layer.
    await client.client.query('begin read only; commit; create table made()');
    await client.client.query('DROP TABLE made');
  });

  test('the read-only transaction alone, as superuser', async () => {
    const settings = parseDatabaseUrl(database.url);
    if (settings.dialect !== 'postgres') throw new Error('No PostgreSQL URL.');
    await using session = new ReadOnlySession(settings);
    await expectNoneToPass([...WRITES, ...WRITING_QUERIES], async (sql) => {
      await expect(session.run(sql), sql).rejects.toMatchObject({ code: 'NOT_READ_ONLY' });
    });
  });

  test('the role alone, in a session that may write and takes several statements', async () => {
    await using client = await connected(reader.url);
    await expectNoneToPass([...WRITES, ...WRITING_QUERIES, ...ESCAPES, 'CREATE TEMP TABLE made ()'], async (sql) => {
      const code = await client.client.query(sql).then(
        ({ command }) => command,
        (error: unknown) => (error instanceof DatabaseError ? error.code : error),
      );
      // PostgreSQL warns of a GRANT by somebody who has nothing to grant, and grants nothing.
      expect(code, sql).toBe(sql.startsWith('GRANT') ? 'GRANT' : '42501');
      await client.client.query('ROLLBACK');
    });
  });

  test.each(['superuser', 'reader'])('all but the guards, as %s', async (role) => {
    await using agent = await GuardlessAgent.start(role === 'reader' ? reader.url : database.url);
    await expectNoneToPass([...WRITES, ...WRITING_QUERIES, ...ESCAPES], async (sql) => {
      expect((await agent.run(sql)).code, sql).not.toBe('OK');
    });
  });

  test('locks that a query takes for its session are gone with it', async () => {
    await using agent = await GuardlessAgent.start(database.url);
    for (const sql of ['SELECT pg_advisory_lock(1), pg_advisory_lock(1)', 'SELECT pg_advisory_lock(2) / 0']) {
      await agent.run(sql);
      const { rows } = await database.admin.query("SELECT * FROM pg_locks WHERE locktype = 'advisory'");
      expect(rows, sql).toEqual([]);
    }
  });
});
