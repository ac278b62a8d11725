import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openConnector } from '../registry.ts';
import { busyProcesses } from './busy-processes.ts';
import { sqlStatements } from './contract/sql-statements.ts';
import { CUSTOMERS, type Engine, type Failure, type Fixture, type ValueSample } from './engine.ts';
import { MASKED_VALUES } from './masked-values.ts';
import { maskParts, runElsewhere } from './owner-sql.ts';

const SCHEMA = `
  CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email VARCHAR(80) UNIQUE, note TEXT);
  CREATE TABLE "order" (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, total DECIMAL(10,2), placed_at TIMESTAMP);
  CREATE VIEW big_spender AS SELECT c.id, c.name FROM customer c JOIN "order" o ON o.customer_id = c.id;
  CREATE TABLE typed (i INTEGER, b BOOLEAN, d DATE, ts DATETIME, j JSON, u UUID);
  INSERT INTO typed VALUES (7, 1, '2024-02-29', '2024-02-29 12:00:00.123456', '{"a":1}', 'a0eebc99');
  CREATE VIRTUAL TABLE words USING fts5 (word);
  INSERT INTO words VALUES ('hello');`;

const sample = (sql: string, cell: ValueSample['cell'], type: string, kind: ValueSample['kind']): ValueSample => ({
  sql,
  cell,
  type,
  kind,
});

const VALUES: readonly ValueSample[] = [
  sample('9223372036854775807', '9223372036854775807', 'INTEGER', 'integer'),
  sample('-9223372036854775808', '-9223372036854775808', 'INTEGER', 'integer'),
  sample('9007199254740991', 9007199254740991, 'INTEGER', 'integer'),
  sample('9007199254740992', '9007199254740992', 'INTEGER', 'integer'),
  sample('0.1 + 0.2', 0.30000000000000004, 'REAL', 'float'),
  sample('9e999', 'Infinity', 'REAL', 'float'),
  sample('-9e999', '-Infinity', 'REAL', 'float'),
  sample('NULL', null, '', 'other'),
  sample("''", '', 'TEXT', 'text'),
  sample("x'00ff5c22'", '\\x00ff5c22', 'BLOB', 'binary'),
  sample("x''", '\\x', 'BLOB', 'binary'),
  sample('true', 1, 'INTEGER', 'integer'),
  sample('i FROM typed', 7, 'INTEGER', 'integer'),
  sample('b FROM typed', 1, 'BOOLEAN', 'boolean'),
  sample('d FROM typed', '2024-02-29', 'DATE', 'date'),
  sample('ts FROM typed', '2024-02-29 12:00:00.123456', 'DATETIME', 'timestamp'),
  sample('j FROM typed', '{"a":1}', 'JSON', 'json'),
  sample('u FROM typed', 'a0eebc99', 'UUID', 'uuid'),
  sample("word FROM words WHERE words MATCH 'hel*'", 'hello', 'TEXT', 'text'),
  sample("'Grüße 陳大文 🦆 \u2028'", 'Grüße 陳大文 🦆 \u2028', 'TEXT', 'text'),
  sample(`'q" b\\ ' || char(0, 1, 8, 9, 10, 12, 13, 31, 127)`, 'q" b\\ \0\x01\b\t\n\f\r\x1f\x7f', 'TEXT', 'text'),
];

const WRITES = [
  "INSERT INTO customer VALUES (9, 'x', 'x', NULL)",
  'DELETE FROM customer',
  'CREATE TABLE made (a)',
  'CREATE TEMP TABLE made (a)',
  "ATTACH ':memory:' AS other",
  'PRAGMA journal_mode = DELETE',
  'PRAGMA table_info(customer)',
  'BEGIN',
  'VACUUM',
];

const FAILURES: readonly Failure[] = [
  { sql: 'SELECT * FROM nowhere', code: 'RELATION_NOT_FOUND' },
  { sql: 'SELECT nowhere FROM customer', code: 'COLUMN_NOT_FOUND' },
  { sql: 'SELEC 1', code: 'STATEMENT_INVALID' },
  { sql: 'SELECT 1; SELECT 2', code: 'MULTIPLE_STATEMENTS' },
  { sql: 'SELECT 1\0; SELECT 2', code: 'MULTIPLE_STATEMENTS' },
  { sql: "SELECT load_extension('x')", code: 'FUNCTION_NOT_ALLOWED' },
  { sql: "SELECT * FROM pragma_table_info('customer')", code: 'PERMISSION_DENIED' },
  { sql: 'SELECT abs(-9223372036854775807 - 1)', code: 'QUERY_FAILED' },
];

const counted = (rows: number) => `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT ${rows})`;

export const sqliteEngine: Engine = {
  name: 'sqlite',
  dialect: 'sqlite',
  absent: {
    unreachable: 'A file has no server.',
    password: 'A file has no password.',
  },
  async start(): Promise<Fixture> {
    const folder = await mkdtemp(join(tmpdir(), 'custard-sqlite-'));
    const path = join(folder, 'shop.db');
    const database = new DatabaseSync(path);
    database.exec(SCHEMA);
    const insert = database.prepare('INSERT INTO customer VALUES (?, ?, ?, ?)');
    for (const row of CUSTOMERS) insert.run(...row);
    database.exec(`INSERT INTO "order" VALUES (1, 1, 12.5, '2024-02-29 12:00:00')`);
    database.close();
    const connector = await openConnector({ dialect: 'sqlite', path });
    const url = `sqlite:${path}`;
    const execute = async (sql: string) => {
      const owner = new DatabaseSync(path);
      owner.exec(sql);
      owner.close();
    };
    return {
      connector,
      statements: sqlStatements(),
      ...maskParts(execute, MASKED_VALUES['sqlite'] ?? []),
      elsewhere: runElsewhere(url),
      wrong: { missing: () => openConnector({ dialect: 'sqlite', path: join(folder, 'nowhere.db') }) },
      schema: null,
      url,
      values: VALUES,
      writes: WRITES,
      failures: FAILURES,
      execute,
      endless: 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c',
      series: (rows, width = 100) => `${counted(rows)} SELECT n, printf('%.${width}c', 'x') AS filler FROM c`,
      wideText: (characters) => `SELECT replace(printf('%.${characters}c', 'u'), 'u', 'ü') AS wide`,
      running: () => busyProcesses(path),
      stop: async () => {
        await connector.close();
        await rm(folder, { recursive: true });
      },
    };
  },
};
