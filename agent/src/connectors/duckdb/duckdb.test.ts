import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Hostile, sharedLines } from '#core/guard/testing/corpora.ts';
import type { Connector } from '../connector.ts';
import { openConnector } from '../registry.ts';
import { workersOf } from '../testing/busy-processes.ts';
import { collect } from '../testing/collect.ts';
import { asOwner } from '../testing/duckdb-engine.ts';
import { until } from '../testing/until.ts';
import { wholeSchema } from '../whole-schema.ts';

const never = new AbortController().signal;

let folder: string;
let path: string;
let connectors: Connector[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custard-duckdb-'));
  path = join(folder, 'made.duckdb');
  connectors = [];
});
afterEach(async () => {
  await Promise.all(connectors.map((connector) => connector.close()));
  await rm(folder, { recursive: true });
});

async function open(file = path): Promise<Connector> {
  const connector = await openConnector({ dialect: 'duckdb', path: file });
  connectors.push(connector);
  return connector;
}

async function make(sql: string): Promise<Connector> {
  await asOwner(path, sql);
  return await open();
}

const rowsOf = async (connector: Connector, sql: string) => (await collect(connector, sql)).data;

describe('opening a DuckDB file', () => {
  it('tells what is wrong with it, and makes none', async () => {
    const missing = join(folder, 'missing.duckdb');
    await writeFile(join(folder, 'text.duckdb'), 'This is no database, though it is long enough.'.repeat(500));
    await mkdir(join(folder, 'folder.duckdb'));
    for (const file of [missing, join(folder, 'text.duckdb'), join(folder, 'folder.duckdb')]) {
      const connector = await open(file);
      for (const _ of [1, 2]) {
        await expect(connector.ping({ signal: never }), file).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
      }
    }
    expect(existsSync(missing)).toBe(false);
  });

  it('says that another program has it open to write, and reads on when it has not', async () => {
    await asOwner(path, 'CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)');
    const program = `
      const { DuckDBInstance } = await import('@duckdb/node-api');
      globalThis.kept = await (await DuckDBInstance.create(${JSON.stringify(path)})).connect();
      console.log('open');
      setInterval(() => {}, 1000);`;
    const writer = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    const connector = await open();
    await expect(collect(connector, 'SELECT * FROM t')).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      hint: expect.stringContaining('Another program'),
    });
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    expect(await rowsOf(connector, 'SELECT * FROM t')).toEqual([[1]]);
  });

  it('lets others write when it has nothing to do, and sees what they wrote', async () => {
    const connector = await make('CREATE TABLE t (a INTEGER)');
    expect(await rowsOf(connector, 'SELECT * FROM t')).toEqual([]);
    await asOwner(path, 'ALTER TABLE t ADD COLUMN b VARCHAR; INSERT INTO t VALUES (1, 2)');
    expect(await rowsOf(connector, 'SELECT * FROM t')).toEqual([[1, '2']]);
  });
});

describe('a DuckDB result', () => {
  it.each([
    ["CASE n WHEN 1000000 THEN 'x' || n ELSE '1' END::INTEGER", 'Conversion Error'],
    ["strptime(CASE n WHEN 1000000 THEN 'secret' ELSE '2024' END, '%Y')", 'Invalid Input Error'],
    ['CASE n WHEN 1000000 THEN 9223372036854775807 + n ELSE 1 END', 'Out of Range Error'],
  ])('that fails after its first rows fails: %s', async (expression, engineCode) => {
    const connector = await make('CREATE TABLE t AS SELECT * FROM range(2000000) AS r(n)');
    const failed = collect(connector, `SELECT ${expression} FROM t`);
    await expect(failed).rejects.toMatchObject({ code: 'QUERY_FAILED', details: { engineCode } });
    await failed.catch((error: Error) => expect(error.message).not.toMatch(/secret|1000000/));
    expect(await rowsOf(connector, 'SELECT count(*) FROM t')).toEqual([[2000000]]);
  });

  it('is whole when it is long', async () => {
    const connector = await make('CREATE TABLE t AS SELECT n, hash(n) AS h FROM range(1000000) AS r(n)');
    const { rows, truncated } = await collect(connector, 'SELECT n FROM t');
    expect({ rows, truncated }).toEqual({ rows: 1_000_000, truncated: false });
  }, 30_000);

  it('cannot take the memory of the machine', async () => {
    const connector = await make('CREATE TABLE t AS SELECT range AS n FROM range(3000)');
    const bombs = [
      "SELECT repeat('x', 10000000 + n::INTEGER) FROM t",
      "SELECT length(string_agg(repeat('x', 2000000 + n::INTEGER), '')) FROM t",
      'SELECT list_sum(list(a.n * b.n + c.n)) FROM t a, t b, t c',
    ];
    for (const sql of bombs) {
      const outcome = await collect(connector, sql).catch((error: unknown) => error);
      expect(['QUERY_FAILED', 'RESULT_TOO_LARGE', 'DATABASE_UNREACHABLE', 'QUERY_TIMEOUT'], sql).toContain(
        outcome instanceof Error && 'code' in outcome ? outcome.code : outcome,
      );
    }
    expect(await rowsOf(connector, 'SELECT count(*) FROM t')).toEqual([[3000]]);
  }, 60_000);

  it('says that its process ended, and the next one is read by another', async () => {
    const connector = await make('CREATE TABLE t AS SELECT range AS n FROM range(10)');
    const running = collect(connector, 'SELECT sum(hash(a.range * b.range)) FROM range(1000000) a, range(1000000) b');
    const outcome = expect(running).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: 'The process that reads the DuckDB file ended unexpectedly.',
    });
    await until(async () => (await workersOf(path)).length > 0, 5_000);
    for (const id of await workersOf(path)) process.kill(id, 'SIGKILL');
    await outcome;
    expect(await rowsOf(connector, 'SELECT count(*) FROM t')).toEqual([[10]]);
  });

  it('is ended by the engine where it looks, and with its process where it does not', async () => {
    const connector = await make('CREATE TABLE t AS SELECT range AS n FROM range(10)');
    const deaf = 'SELECT list_sum(range(300000000 + n)) FROM t';
    const since = performance.now();
    await expect(collect(connector, deaf, { limits: { timeoutMs: 300 } })).rejects.toMatchObject({
      code: 'QUERY_TIMEOUT',
    });
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(await rowsOf(connector, 'SELECT count(*) FROM t')).toEqual([[10]]);
  });
});

describe('a DuckDB statement', () => {
  it('leaves nothing in the session of the next', async () => {
    const connector = await make('CREATE TABLE t (a INTEGER)');
    for (const sql of [
      'BEGIN',
      'CREATE TEMP TABLE t (b INTEGER)',
      'SET VARIABLE x = 1',
      'ROLLBACK',
      'CREATE TEMP MACRO abs(a) AS 7',
    ]) {
      await expect(collect(connector, sql), sql).rejects.toMatchObject({ code: 'NOT_READ_ONLY' });
    }
    expect(
      (await collect(connector, "SELECT a, getvariable('x'), abs(-1) FROM t")).columns.map(({ name }) => name)[0],
    ).toBe('a');
  });

  it('may end in semicolons and comments', async () => {
    const connector = await make('CREATE TABLE t (a INTEGER)');
    for (const sql of [
      "SELECT ';--', 1;",
      'SELECT 1, 2 ; -- done',
      '-- first\nSELECT 1, 2; /* done */ ;;',
      ';SELECT 1, 2',
      'FROM (VALUES (1, 2))',
    ]) {
      expect(await collect(connector, sql).catch((error: unknown) => error), sql).toMatchObject({ rows: 1 });
    }
    expect((await collect(connector, 'EXPLAIN SELECT * FROM t')).rows).toBe(1);
    expect((await collect(connector, 'DESCRIBE t')).rows).toBe(1);
    expect((await collect(connector, 'SUMMARIZE t')).rows).toBe(1);
  });
});

it('calls no function of the file in place of a built-in one', async () => {
  const connector = await make(`
    CREATE TABLE t AS SELECT 'secret' AS a; CREATE MACRO lower(x) AS (SELECT max(a) FROM t);
    CREATE MACRO rows_of() AS TABLE SELECT a FROM t; CREATE VIEW v AS SELECT lower('X') AS low`);
  for (const sql of [
    "SELECT lower('X')",
    "SELECT main.LOWER('X') FROM t",
    "SELECT 1 WHERE lower('x') > ''",
    'FROM rows_of()',
  ]) {
    await expect(collect(connector, sql), sql).rejects.toMatchObject({ code: 'FUNCTION_NOT_ALLOWED' });
  }
  expect(await rowsOf(connector, "SELECT upper('x'), low, count(*) FROM t, v GROUP BY ALL")).toEqual([
    ['X', 'secret', 1],
  ]);
});

it('names in an error nothing that is not in the statement', async () => {
  const connector = await make('CREATE TABLE hidden_table (hidden_column INTEGER)');
  for (const sql of ['SELECT * FROM hiden_table', 'SELECT hiden_column FROM hidden_table', 'SELECT hidn(1)']) {
    const failed = collect(connector, sql).catch((error: Error) => error.message);
    expect(await failed, sql).not.toMatch(/hidden|mean/);
  }
});

describe('the grade of a DuckDB file', () => {
  it('tells who may write it and its folder', async () => {
    const connector = await make('CREATE TABLE t (a INTEGER)');
    const codes = async () => (await connector.posture({ signal: never })).findings.map(({ code }) => code);
    await chmod(folder, 0o755);
    await chmod(path, 0o666);
    expect(await codes()).toEqual(['file_open_to_all']);
    await chmod(folder, 0o777);
    await chmod(path, 0o644);
    expect(await codes()).toEqual(['file_writable', 'folder_open_to_all']);
    expect((await connector.posture({ signal: never })).leastPrivilege).toContain(`chmod g+r,g-w,o-w '${path}'`);
  });
});

const HOSTILE = sharedLines('corpora/hostile/duckdb.jsonl', Hostile).map(({ sql }) => sql);

describe.skipIf(HOSTILE.length === 0)('with no guard at all', () => {
  it('no hostile statement changes the file or its folder, or reads another', { timeout: 300_000 }, async () => {
    const secret = join(folder, 'secret.csv');
    await writeFile(secret, 'a,b\ntop-secret,2\n');
    const connector = await make(`
      CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR, email VARCHAR); INSERT INTO users VALUES (1, 'a', 'b');
      CREATE TABLE orders AS SELECT 1 AS id, 2.5 AS total; CREATE TABLE t AS SELECT range AS a, range AS b FROM range(10);
      CREATE SEQUENCE seq; CREATE VIEW v AS SELECT * FROM t`);
    const before = await fingerprint();
    const own = [
      `SELECT * FROM read_csv('${secret}')`,
      `FROM '${secret}'`,
      `COPY t FROM '${secret}'`,
      `SELECT * FROM read_text('${secret}')`,
      `SELECT * FROM glob('${folder}/*')`,
    ];
    let answered = 0;
    for (const sql of [...HOSTILE, ...own]) {
      const limits = { rows: 1_000, bytes: 1_000_000, timeoutMs: 1_000 };
      const outcome = await collect(connector, sql, { limits }).catch(() => undefined);
      if (outcome !== undefined) answered++;
      expect(JSON.stringify(outcome?.data ?? []), sql).not.toMatch(/top-secret|root:x:/);
    }
    expect(answered).toBeLessThan(HOSTILE.length);
    expect(await fingerprint()).toEqual(before);
    expect(await rowsOf(connector, 'SELECT count(*) FROM users')).toEqual([[1]]);
  });

  async function fingerprint(): Promise<readonly (readonly string[])[]> {
    const names = (await readdir(folder)).toSorted();
    return await Promise.all(
      names.map(async (name) => [
        name,
        createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('hex'),
      ]),
    );
  }
});

describe('describing DuckDB', () => {
  it('gives schemas, comments, keys of several columns and types', async () => {
    const connector = await make(`
      CREATE SCHEMA "Other one"; CREATE TYPE mood AS ENUM ('happy', 'sad');
      CREATE TABLE "Other one".region (country VARCHAR, code VARCHAR, PRIMARY KEY (code, country));
      CREATE TABLE "Other one".store (id BIGINT, country VARCHAR, code VARCHAR, m mood, tags VARCHAR[], price DECIMAL(8,2),
        opened TIMESTAMPTZ, doc JSON, g INTEGER GENERATED ALWAYS AS (1 + 1), UNIQUE (country, id),
        FOREIGN KEY (code, country) REFERENCES "Other one".region (code, country));
      COMMENT ON TABLE "Other one".store IS 'Where we sell'; COMMENT ON COLUMN "Other one".store.m IS 'How it goes';
      INSERT INTO "Other one".region SELECT 'DE', range::VARCHAR FROM range(300);
      CREATE TABLE main_one (a INTEGER); CREATE VIEW main_view AS SELECT a AS b FROM main_one`);
    const { tables, defaultSchemas } = await wholeSchema(connector, { signal: never });
    expect(defaultSchemas).toEqual(['main']);
    expect(tables.map(({ schema, name, kind, rowEstimate }) => [schema, name, kind, rowEstimate])).toEqual([
      ['main', 'main_one', 'table', 0],
      ['main', 'main_view', 'view', null],
      ['Other one', 'region', 'table', 300],
      ['Other one', 'store', 'table', 0],
    ]);
    const [, view, region, store] = tables;
    expect(view?.columns.map(({ name, type }) => [name, type])).toEqual([['b', 'INTEGER']]);
    expect(region?.primaryKey).toEqual(['code', 'country']);
    expect(store?.uniqueKeys).toEqual([['country', 'id']]);
    expect(store?.foreignKeys).toEqual([
      {
        columns: ['code', 'country'],
        references: { schema: 'Other one', table: 'region', columns: ['code', 'country'] },
      },
    ]);
    expect(store?.comment).toBe('Where we sell');
    expect(store?.columns.find(({ name }) => name === 'm')?.values).toEqual(['happy', 'sad']);
    const named = await wholeSchema(connector, { schemas: ['other one'], signal: never });
    expect(named.tables.map(({ name }) => name)).toEqual(['region', 'store']);
    expect(store?.columns.map(({ kind }) => kind)).toEqual([
      'integer',
      'text',
      'text',
      'text',
      'array',
      'decimal',
      'timestamp',
      'json',
      'integer',
    ]);
    expect(store?.columns[3]?.comment).toBe('How it goes');
  });

  it('finds values in other schemas and in enums', async () => {
    const connector = await make(`
      CREATE SCHEMA s; CREATE TYPE mood AS ENUM ('Happy', 'sad'); CREATE TABLE s.t (m mood, "a ""b" VARCHAR);
      INSERT INTO s.t VALUES ('Happy', ' ÄRGER ')`);
    const found = await connector.findValues({ texts: ['happy', 'ärger'], skip: () => false, signal: never });
    expect(found).toEqual([
      { text: 'happy', schema: 's', table: 't', column: 'm', value: 'Happy' },
      { text: 'ärger', schema: 's', table: 't', column: 'a "b', value: ' ÄRGER ' },
    ]);
  });
});
