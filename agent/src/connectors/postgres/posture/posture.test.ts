import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Posture } from '#core/posture.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { parseDatabaseUrl } from '../../database-url.ts';
import { openConnector } from '../../registry.ts';
import { collect } from '../../testing/collect.ts';
import { connectTo } from '../../testing/postgres-engine.ts';
import { wholeSchema } from '../../whole-schema.ts';
import { openPostgres } from '../postgres.ts';

const PREFIX = `custard_posture_${randomBytes(5).toString('hex')}`;
const PASSWORD = randomBytes(12).toString('hex');
const never = new AbortController().signal;
/** A line break that would end a comment, an escape sequence, and what needs quoting. */
const HOSTILE = 'odd "Schema"\n; DROP ROLE x --\u001b[2J\\';

let server: Client;
let admin: Client;
let roles = 0;

beforeAll(async () => {
  server = await connectTo(postgresUrl());
  await server.query(`CREATE DATABASE ${PREFIX}`);
  admin = await connectTo(urlFor());
  await admin.query(`
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    CREATE TABLE customer (id int, name text); INSERT INTO customer VALUES (1, 'Ana');
    CREATE VIEW names AS SELECT name FROM customer;
    CREATE SCHEMA "Sales Data"; CREATE TABLE "Sales Data"."order" (id serial, total numeric);
    CREATE SCHEMA ${admin.escapeIdentifier(HOSTILE)};
    CREATE TABLE ${admin.escapeIdentifier(HOSTILE)}.${admin.escapeIdentifier(HOSTILE)} (id int)`);
});

afterAll(async () => {
  await admin?.end();
  await server.query(`DROP DATABASE ${PREFIX} WITH (FORCE)`);
  const { rows } = await server.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)',
    [`${PREFIX}_`],
  );
  for (const { rolname } of rows) await server.query(`DROP ROLE ${rolname}`);
  await server.end();
});

function urlFor(role?: string): string {
  const url = new URL(postgresUrl());
  url.pathname = `/${PREFIX}`;
  if (role !== undefined) Object.assign(url, { username: role, password: PASSWORD });
  return url.href;
}

/** A role that may log in, after these statements about it; its name stands where they say $me. */
async function roleAfter(...statements: readonly string[]): Promise<string> {
  const role = `${PREFIX}_${roles++}`;
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  for (const statement of statements) await admin.query(statement.replaceAll('$me', role));
  return role;
}

async function gradeOf(role: string | undefined): Promise<Posture> {
  const connector = await openConnector(parseDatabaseUrl(urlFor(role)));
  try {
    return Posture.parse(await connector.posture({ signal: never }));
  } finally {
    await connector.close();
  }
}

async function gradeAfter(...statements: readonly string[]): Promise<Posture> {
  return await gradeOf(await roleAfter(...statements));
}

const codes = ({ findings }: Posture): string[] => findings.map(({ code }) => code);
const worst = ({ findings }: Posture): string[] =>
  findings.filter(({ severity }) => severity !== 'info').map(({ severity, code }) => `${severity} ${code}`);

describe('the grade of a PostgreSQL role', () => {
  it('is good for a role that can do nothing, with what every role may do as information', async () => {
    const posture = await gradeAfter();
    expect(posture.grade).toBe('good');
    expect(codes(posture)).toEqual(['database_temp', 'no_statement_timeout', 'writes_by_default']);
  });

  it('is bad for a superuser, and says no more of its rights', async () => {
    const posture = await gradeOf(undefined);
    expect(posture.grade).toBe('bad');
    expect(worst(posture)).toEqual(['bad superuser']);
  });

  it.each([
    ['BYPASSRLS', 'bypass_rls'],
    ['CREATEROLE', 'create_role'],
    ['CREATEDB', 'create_db'],
    ['REPLICATION', 'replication'],
  ])('is bad with %s', async (attribute, code) => {
    const posture = await gradeAfter(`ALTER ROLE $me ${attribute}`);
    expect(posture.grade).toBe('bad');
    expect(worst(posture)).toEqual([`bad ${code}`]);
  });

  it.each([
    ['pg_write_all_data', 'bad'],
    ['pg_read_server_files', 'bad'],
    ['pg_write_server_files', 'bad'],
    ['pg_execute_server_program', 'bad'],
    ['pg_signal_backend', 'bad'],
    ['pg_read_all_data', 'acceptable'],
    ['pg_monitor', 'acceptable'],
    ['pg_stat_scan_tables', 'acceptable'],
    ['pg_read_all_settings', 'good'],
  ])('tells a member of %s: %s', async (name, grade) => {
    // Before PostgreSQL 14 two of them are not there.
    if ((await server.query('SELECT FROM pg_roles WHERE rolname = $1', [name])).rowCount === 0) return;
    for (const inherits of ['INHERIT', 'NOINHERIT']) {
      const posture = await gradeAfter(`ALTER ROLE $me ${inherits}`, `GRANT ${name} TO $me`);
      expect(posture.grade).toBe(grade);
      expect(posture.findings.find(({ message }) => message.includes(name))?.code).toBe('membership');
    }
  });

  it("tells a provider's administrator by its name, and what a role can become", async () => {
    const administrator = 'cloudsqlsuperuser';
    const { rows } = await server.query('SELECT FROM pg_roles WHERE rolname = $1', [administrator]);
    if (rows.length === 0) await server.query(`CREATE ROLE ${administrator}`);
    try {
      expect(worst(await gradeAfter(`GRANT ${administrator} TO $me`))).toEqual(['bad membership']);
    } finally {
      if (rows.length === 0) await server.query(`DROP ROLE ${administrator}`);
    }
    const posture = await gradeAfter('CREATE ROLE $me_boss SUPERUSER', 'GRANT $me_boss TO $me');
    expect(worst(posture)).toContain('bad superuser');
    expect(posture.findings[0]?.message).toMatch(/can become .*_boss, which is a superuser/);
  });

  it.each<[string, readonly string[], string]>([
    ['owner of a table', ['CREATE TABLE t1 (id int)', 'ALTER TABLE t1 OWNER TO $me'], 'bad owns_objects'],
    ['owner of a schema', ['CREATE SCHEMA s1 AUTHORIZATION $me'], 'bad owns_objects'],
    [
      'owner of a function',
      ["CREATE FUNCTION f1() RETURNS int LANGUAGE sql AS 'SELECT 1'", 'ALTER FUNCTION f1 OWNER TO $me'],
      'bad owns_objects',
    ],
    ['INSERT', ['GRANT INSERT ON customer TO $me'], 'bad write_grants'],
    ['UPDATE of a column', ['GRANT UPDATE (name) ON customer TO $me'], 'bad write_grants'],
    ['DELETE', ['GRANT DELETE ON customer TO $me'], 'bad write_grants'],
    ['TRUNCATE', ['GRANT TRUNCATE ON "Sales Data"."order" TO $me'], 'bad write_grants'],
    [
      'a group that writes, without inheriting',
      [
        'CREATE ROLE $me_writers',
        'GRANT INSERT ON customer TO $me_writers',
        'ALTER ROLE $me NOINHERIT',
        'GRANT $me_writers TO $me',
      ],
      'bad write_grants',
    ],
    ['a sequence', ['GRANT USAGE ON "Sales Data".order_id_seq TO $me'], 'warn sequence_grants'],
    ['CREATE on a schema', ['GRANT CREATE ON SCHEMA public TO $me'], 'bad schema_create'],
    ['CREATE on the database', [`GRANT CREATE ON DATABASE ${PREFIX} TO $me`], 'bad database_create'],
    ['password hashes', ['GRANT SELECT ON pg_authid TO $me'], 'warn password_hashes'],
    ['a file function', ['GRANT EXECUTE ON FUNCTION pg_read_file(text) TO $me'], 'bad server_functions'],
  ])('tells %s', async (_, statements, finding) => {
    expect(worst(await gradeAfter(...statements))).toEqual([finding]);
  });

  it('tells the owner of the database, and of what is in it', async () => {
    const owner = await roleAfter();
    await server.query(`ALTER DATABASE ${PREFIX} OWNER TO ${owner}`);
    try {
      expect(worst(await gradeOf(owner))).toContain('bad owns_database');
    } finally {
      await server.query(`ALTER DATABASE ${PREFIX} OWNER TO CURRENT_USER`);
    }
  });

  it.each<[string, readonly [string, string], string]>([
    [
      'CREATE on a schema',
      ['GRANT CREATE ON SCHEMA public TO PUBLIC', 'REVOKE CREATE ON SCHEMA public FROM PUBLIC'],
      'warn public_schema_create',
    ],
    ['writing', ['GRANT DELETE ON customer TO PUBLIC', 'REVOKE DELETE ON customer FROM PUBLIC'], 'bad write_grants'],
    ['dblink', ['CREATE EXTENSION dblink', 'DROP EXTENSION dblink'], 'warn reaching_extension'],
    [
      'a foreign server',
      [
        'CREATE EXTENSION postgres_fdw; CREATE SERVER away FOREIGN DATA WRAPPER postgres_fdw; GRANT USAGE ON FOREIGN SERVER away TO PUBLIC',
        'DROP EXTENSION postgres_fdw CASCADE',
      ],
      'warn foreign_servers',
    ],
  ])('tells what everyone may do: %s', async (_, [grant, revoke], finding) => {
    const role = await roleAfter();
    await admin.query(grant);
    try {
      expect(worst(await gradeOf(role))).toEqual([finding]);
    } finally {
      await admin.query(revoke);
    }
  });

  it('names a few objects and counts the others', async () => {
    const tables = Array.from({ length: 7 }, (_, n) => `CREATE TABLE many_${n} (); ALTER TABLE many_${n} OWNER TO $me`);
    const { findings } = await gradeAfter(...tables);
    expect(findings[0]?.message).toMatch(
      'owns table public.many_0, table public.many_1, table public.many_2 and 4 more',
    );
  });

  it('says what it could not find out, and finds the rest, where catalogs are closed to the role', async () => {
    const role = await roleAfter('GRANT INSERT ON customer TO $me');
    await admin.query('REVOKE SELECT ON pg_shdepend, pg_foreign_server FROM PUBLIC');
    try {
      const posture = await gradeOf(role);
      expect(worst(posture)).toEqual(['bad write_grants', 'warn not_inspected', 'warn not_inspected']);
      expect(posture.findings.find(({ code }) => code === 'not_inspected')?.message).toMatch('owns_objects');
    } finally {
      await admin.query('GRANT SELECT ON pg_shdepend, pg_foreign_server TO PUBLIC');
    }
  });

  it('tells a connection in clear to another host', async () => {
    const settings = parseDatabaseUrl(urlFor(await roleAfter()));
    if (settings.dialect !== 'postgres') throw new Error('not PostgreSQL');
    // This machine by a name that does not say so.
    const connector = await openPostgres({ ...settings, host: '127.1', sslmode: 'disable' });
    try {
      expect(worst(await connector.posture({ signal: never }))).toEqual(['warn no_tls']);
    } finally {
      await connector.close();
    }
  });
});

describe('the least-privilege SQL of PostgreSQL', () => {
  /** Pastes the SQL as it is, but for a name and a password of the test's own. */
  async function paste(leastPrivilege: string): Promise<string> {
    const role = `${PREFIX}_pasted`;
    await admin.query(leastPrivilege.replaceAll('custard_reader', role).replaceAll('<password>', PASSWORD));
    return role;
  }

  it('makes a role that is good, reads every table, later ones too, and writes none; twice does no harm', async () => {
    const { leastPrivilege } = await gradeOf(undefined);
    await paste(leastPrivilege);
    const role = await paste(leastPrivilege);
    const posture = await gradeOf(role);
    expect(posture.grade).toBe('good');
    expect(codes(posture)).toEqual(['database_temp']);
    await admin.query('CREATE TABLE "Sales Data".later (id int)');
    const connector = await openConnector(parseDatabaseUrl(urlFor(role)));
    try {
      const { tables } = await wholeSchema(connector, { signal: never });
      expect(tables.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['customer', 'names', 'order', 'later', HOSTILE]),
      );
      for (const { schema, name } of tables) {
        await collect(
          connector,
          `SELECT * FROM ${[schema ?? '', name].map((part) => admin.escapeIdentifier(part)).join('.')}`,
        );
      }
    } finally {
      await connector.close();
    }
    const reader = await connectTo(urlFor(role));
    try {
      await expect(reader.query('CREATE TEMP TABLE x (id int)')).rejects.toMatchObject({ code: '25006' });
      await reader.query('SET default_transaction_read_only = off');
      await expect(reader.query('INSERT INTO customer VALUES (2)')).rejects.toMatchObject({ code: '42501' });
      await expect(reader.query('CREATE TABLE x (id int)')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await reader.end();
    }
  });

  it('holds no character that a terminal would act on, and no comment that a name could end', async () => {
    await admin.query(
      `GRANT INSERT ON ${[HOSTILE, HOSTILE].map((name) => admin.escapeIdentifier(name)).join('.')} TO PUBLIC`,
    );
    try {
      const { leastPrivilege } = await gradeOf(undefined);
      expect(leastPrivilege).not.toMatch(/[\p{Cf}\p{Cs}[\p{Cc}--\n]]/v);
      expect(leastPrivilege).toContain(String.raw`U&"odd ""Schema""\+00000a; DROP ROLE x --\+00001b[2J\\"`);
      expect(
        leastPrivilege.split('\n').filter((line) => line.includes('DROP ROLE') && !/^(?:GRANT|ALTER|-- )/.test(line)),
      ).toEqual([]);
    } finally {
      await admin.query(
        `REVOKE INSERT ON ${[HOSTILE, HOSTILE].map((name) => admin.escapeIdentifier(name)).join('.')} FROM PUBLIC`,
      );
    }
  });

  it('names another role where the agent runs as one with the usual name', async () => {
    const { rows } = await server.query("SELECT FROM pg_roles WHERE rolname = 'custard_reader'");
    if (rows.length > 0) return; // somebody else's: it is left alone
    await server.query(`CREATE ROLE custard_reader LOGIN CREATEDB PASSWORD '${PASSWORD}'`);
    try {
      expect((await gradeOf('custard_reader')).leastPrivilege).toMatch('CREATE ROLE custard_reader_2 LOGIN');
    } finally {
      await server.query('DROP ROLE custard_reader');
    }
  });
});
