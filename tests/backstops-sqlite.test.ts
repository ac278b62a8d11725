import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Hostile, sharedFile, sharedLines } from '#core/guard/testing/corpora.ts';
import { SQLITE } from '#core/guard/testing/dialects/sqlite.ts';
import { GuardlessAgent } from './support/guardless-agent.ts';
import { filesIn } from './support/postgres-state.ts';
import { sqliteStatements } from './support/sqlite-statements.ts';

const SPIDER = ['concert_singer', 'pets_1', 'flight_2', 'world_1', 'tvshow', 'course_teach', 'singer', 'museum_visit'];

/** What the samples and the corpora speak of. */
const TABLES = `
  CREATE TABLE t (a INTEGER PRIMARY KEY, b, c, d, e, id, v);
  CREATE TABLE u (a, d);
  CREATE TABLE secret (id, k);
  CREATE INDEX t_b ON t (b);
  CREATE VIEW w AS SELECT a FROM t;
  CREATE TRIGGER w_insert INSTEAD OF INSERT ON w BEGIN INSERT INTO u VALUES (new.a, 1); END;
  CREATE VIRTUAL TABLE words USING fts5 (word);
  INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y');
  INSERT INTO words VALUES ('hello');`;

describe.each(['delete', 'wal'])('SQLite with both guards taken away, journal mode %s', (mode) => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'custard-backstops-'));
    path = join(folder, 'shop.db');
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA journal_mode = ${mode}; ${TABLES}`);
    database.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** WAL's shared index is made by whoever looks at the file first, a reader too; it holds no data. */
  const files = () => filesIn(folder, (name) => !name.endsWith('-shm'));

  /** Every object's definition: each is DDL that could be sent, and so are the statements that undo it. */
  const schemas = (): string[] =>
    SPIDER.flatMap((name) => {
      const file = sharedFile(`bench/spider/db/${name}/${name}.sqlite`);
      if (file === null) return [];
      const database = new DatabaseSync(file, { readOnly: true });
      const rows = database.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
      database.close();
      return rows.flatMap((row) => [String(row['sql']), `DROP TABLE "${row['name']}"`, `DELETE FROM "${row['name']}"`]);
    });

  test('every statement of every kind leaves every file as it was', { timeout: 60_000 }, async () => {
    const hostile = sharedLines('corpora/hostile/sqlite.jsonl', Hostile);
    const statements = [
      ...hostile.filter(({ expect }) => expect !== 'resource').map(({ sql }) => sql),
      ...Object.values(SQLITE.refused).flat(),
      ...sqliteStatements(folder),
      ...schemas(),
    ];
    await using agent = await GuardlessAgent.start(`sqlite:${path}`);
    const rows = async () => (await agent.run('SELECT * FROM t ORDER BY a')).rows;
    const data = await rows();
    const before = files();
    const codes = new Map<string, number>();
    for (const sql of statements) {
      const { code } = await agent.run(sql, { timeoutMs: 2_000 });
      codes.set(code, (codes.get(code) ?? 0) + 1);
      expect(files(), sql).toEqual(before);
    }
    console.info(`sqlite, ${mode}: ${JSON.stringify(Object.fromEntries(codes))}`);
    expect(await rows()).toEqual(data);
    expect((await agent.run('SELECT * FROM sqlite_temp_schema')).rows).toEqual([]);
  });

  test('no statement of the engine’s grammar but queries and EXPLAIN is run', async () => {
    await using agent = await GuardlessAgent.start(`sqlite:${path}`);
    for (const sql of sqliteStatements(folder)) expect((await agent.run(sql)).code, sql).not.toBe('OK');
  });

  test('this test sees a write', () => {
    const before = files();
    const database = new DatabaseSync(path);
    database.exec('UPDATE t SET b = 1');
    expect(files()).not.toEqual(before);
    database.exec('SELECT 1');
    database.close();
  });
});
