import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../connector.ts';
import { openConnector } from '../registry.ts';
import { collect } from '../testing/collect.ts';
import { wholeSchema } from '../whole-schema.ts';

const never = new AbortController().signal;

let folder: string;
let connectors: Connector[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custard-sqlite-'));
  connectors = [];
});
afterEach(async () => {
  await Promise.all(connectors.map((connector) => connector.close()));
  await rm(folder, { recursive: true });
});

async function open(path: string): Promise<Connector> {
  const connector = await openConnector({ dialect: 'sqlite', path });
  connectors.push(connector);
  return connector;
}

async function make(sql: string): Promise<Connector> {
  const path = join(folder, 'made.db');
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return await open(path);
}

describe('opening a SQLite file', () => {
  it('tells what is wrong with it, and makes none', async () => {
    const missing = await open(join(folder, 'missing.db'));
    await expect(missing.ping({ signal: never })).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
    await expect(missing.ping({ signal: never })).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
    await writeFile(
      join(folder, 'text.db'),
      'This is no database, though it is long enough to have been one.'.repeat(20),
    );
    const text = await open(join(folder, 'text.db'));
    await expect(text.ping({ signal: never })).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
    await mkdir(join(folder, 'folder.db'));
    const directory = await open(join(folder, 'folder.db'));
    await expect(directory.ping({ signal: never })).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
  });

  it('says that another program is writing to it, and reads on when it has done', async () => {
    const connector = await make('CREATE TABLE t (a)');
    const writer = new DatabaseSync(join(folder, 'made.db'));
    writer.exec('BEGIN EXCLUSIVE');
    const locked = collect(connector, 'SELECT * FROM t');
    await expect(locked).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      hint: expect.stringContaining('writing'),
    });
    writer.exec('INSERT INTO t VALUES (1); COMMIT');
    writer.close();
    expect((await collect(connector, 'SELECT * FROM t')).data).toEqual([[1]]);
  });

  it('sees what others write, and columns they add', async () => {
    const connector = await make('CREATE TABLE t (a)');
    await collect(connector, 'SELECT * FROM t');
    const writer = new DatabaseSync(join(folder, 'made.db'));
    writer.exec('ALTER TABLE t ADD COLUMN b TEXT; INSERT INTO t VALUES (1, 2)');
    writer.close();
    expect((await collect(connector, 'SELECT * FROM t')).data).toEqual([[1, '2']]);
  });
});

describe('a SQLite file in WAL mode', () => {
  it('is read while another program writes', async () => {
    const connector = await make('PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    expect((await collect(connector, 'SELECT * FROM t')).data).toEqual([[1]]);
    const writer = new DatabaseSync(join(folder, 'made.db'));
    writer.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (2)');
    expect((await collect(connector, 'SELECT * FROM t')).data).toEqual([[1]]);
    writer.exec('COMMIT');
    expect((await collect(connector, 'SELECT * FROM t')).data).toEqual([[1], [2]]);
    writer.close();
  });
});

describe('a SQLite statement', () => {
  it('may end in semicolons and comments, and hold them', async () => {
    const connector = await make('');
    for (const sql of [
      "SELECT ';--', 1;",
      'SELECT 1, 2 ; -- done',
      '-- first\nSELECT 1, 2; /* done */ ;; /*',
      ';SELECT 1, 2',
    ]) {
      const result = await collect(connector, sql).catch((error: unknown) => error);
      expect(result, sql).toMatchObject({ rows: 1 });
    }
  });

  it('reads virtual tables whose modules would write, and views over them', async () => {
    const connector = await make(`
      CREATE VIRTUAL TABLE place USING rtree (id, min_x, max_x); INSERT INTO place VALUES (1, 2.5, 3);
      CREATE VIRTUAL TABLE note USING fts5 (body); INSERT INTO note VALUES ('so much to read');
      CREATE VIEW found AS SELECT body FROM note WHERE note MATCH 'read';`);
    expect((await collect(connector, 'SELECT id, min_x FROM place WHERE max_x > 2')).data).toEqual([[1, 2.5]]);
    expect((await collect(connector, 'SELECT * FROM found')).data).toEqual([['so much to read']]);
    await expect(collect(connector, "INSERT INTO note (note) VALUES ('optimize')")).rejects.toMatchObject({
      code: 'NOT_READ_ONLY',
    });
  });

  it('cannot take the memory of the machine', async () => {
    const connector = await make('');
    const bombs = [
      'SELECT zeroblob(900000000)',
      "SELECT length(group_concat(hex(zeroblob(30000000)))) FROM json_each('[1,2,3,4]')",
    ];
    for (const sql of bombs) {
      await expect(collect(connector, sql), sql).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
    }
  });

  it('gives integers and reals as they are stored, whatever the column was declared as', async () => {
    const connector = await make("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (1.5), ('x'), (NULL), (x'00')");
    const { data, columns } = await collect(connector, 'SELECT a FROM t');
    expect(data).toEqual([[1], [1.5], ['x'], [null], ['\\x00']]);
    expect(columns).toEqual([{ name: 'a', type: 'INTEGER', kind: 'integer' }]);
  });
});

describe('describing SQLite', () => {
  it('gives keys of several columns, generated columns, and estimates from statistics', async () => {
    const connector = await make(`
      PRAGMA foreign_keys = OFF;
      CREATE TABLE region (country TEXT, code TEXT, full TEXT AS (country || code), area DOUBLE, "a ""b" BLOB,
        PRIMARY KEY (code, country)) WITHOUT ROWID;
      CREATE TABLE Store (id INTEGER PRIMARY KEY, country TEXT, code TEXT, mail TEXT, open BOOLEAN NOT NULL, at DATETIME,
        boss REFERENCES store, FOREIGN KEY (code, country) REFERENCES REGION);
      CREATE UNIQUE INDEX by_mail ON Store (mail, at);
      CREATE UNIQUE INDEX some ON Store (mail) WHERE open;
      CREATE UNIQUE INDEX expression ON Store (lower(mail));
      CREATE VIEW broken AS SELECT * FROM gone;
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 300)
        INSERT INTO Store (id, country, code, open) SELECT n, 'DE', n, 1 FROM c;
      CREATE INDEX by_code ON Store (code); ANALYZE;`);
    const { tables } = await wholeSchema(connector, { signal: never });
    expect(tables.map(({ name, kind, rowEstimate }) => [name, kind, rowEstimate])).toEqual([
      ['Store', 'table', 300],
      ['broken', 'view', null],
      ['region', 'table', 0],
    ]);
    const [store, , region] = tables;
    expect(region?.primaryKey).toEqual(['code', 'country']);
    expect(region?.columns.map(({ name, type, kind, nullable }) => [name, type, kind, nullable])).toEqual([
      ['country', 'TEXT', 'text', false],
      ['code', 'TEXT', 'text', false],
      ['full', 'TEXT', 'text', true],
      ['area', 'DOUBLE', 'float', true],
      ['a "b', 'BLOB', 'binary', true],
    ]);
    expect(store?.columns.map(({ kind }) => kind)).toEqual([
      'integer',
      'text',
      'text',
      'text',
      'boolean',
      'timestamp',
      'other',
    ]);
    expect(store?.uniqueKeys).toEqual([['mail', 'at']]);
    expect(store?.foreignKeys).toEqual([
      { columns: ['code', 'country'], references: { schema: null, table: 'region', columns: ['code', 'country'] } },
      { columns: ['boss'], references: { schema: null, table: 'Store', columns: ['id'] } },
    ]);
  });

  it('has virtual tables without what they keep their content in, STRICT ones, and views of all kinds', async () => {
    const connector = await make(`
      CREATE VIRTUAL TABLE notes USING fts5(title, body);
      CREATE TABLE typed (id INTEGER PRIMARY KEY, n INT NOT NULL, any_of ANY) STRICT;
      CREATE TABLE unnamed (a REFERENCES typed, b REFERENCES nowhere (x));
      CREATE VIEW good AS SELECT n FROM typed; CREATE TABLE "odd ""name""" ("select" INT);`);
    const { tables } = await wholeSchema(connector, { signal: never });
    expect(tables.map(({ name, kind, columns }) => [name, kind, columns.map((column) => column.name)])).toEqual([
      ['good', 'view', ['n']],
      ['notes', 'table', ['title', 'body']],
      ['odd "name"', 'table', ['select']],
      ['typed', 'table', ['id', 'n', 'any_of']],
      ['unnamed', 'table', ['a', 'b']],
    ]);
    expect(tables.at(-1)?.foreignKeys).toEqual([
      { columns: ['a'], references: { schema: null, table: 'typed', columns: ['id'] } },
    ]);
  });
});
