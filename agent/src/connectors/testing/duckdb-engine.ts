import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { openConnector } from '../registry.ts';
import { busyProcesses } from './busy-processes.ts';
import { sqlStatements } from './contract/sql-statements.ts';
import { DUCKDB_VALUES } from './duckdb-values.ts';
import { CUSTOMERS, type Engine, type Failure, type Fixture } from './engine.ts';
import { MASKED_VALUES } from './masked-values.ts';
import { maskParts, runElsewhere } from './owner-sql.ts';

const quoted = (text: string | number | null): string =>
  typeof text === 'string' ? `'${text.replaceAll("'", "''")}'` : String(text);

const SCHEMA = `
  CREATE TABLE customer (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, email VARCHAR UNIQUE, note VARCHAR);
  CREATE TABLE "order" (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer(id), total DECIMAL(10,2), placed_at TIMESTAMP);
  CREATE VIEW big_spender AS SELECT c.id, c.name FROM customer c JOIN "order" o ON o.customer_id = c.id;
  INSERT INTO customer VALUES ${CUSTOMERS.map((row) => `(${row.map(quoted).join(', ')})`).join(', ')};
  INSERT INTO "order" VALUES (1, 1, 12.5, '2024-02-29 12:00:00');`;

const WRITES = [
  "INSERT INTO customer VALUES (9, 'x', 'x', NULL)",
  'DELETE FROM customer',
  "UPDATE customer SET name = 'x'",
  'CREATE TABLE made (a INTEGER)',
  'CREATE TEMP TABLE made (a INTEGER)',
  'CREATE OR REPLACE TEMP VIEW made AS SELECT 1',
  'CREATE TEMP MACRO made(a) AS a',
  'DROP TABLE customer',
  'ALTER TABLE customer ADD COLUMN made INTEGER',
  "ATTACH ':memory:' AS other",
  'SET threads = 1',
  'SET VARIABLE made = 1',
  'PRAGMA enable_profiling',
  'BEGIN',
  'COMMIT',
  'CHECKPOINT',
  'VACUUM',
  'INSTALL icu',
  'LOAD icu',
  'PREPARE made AS SELECT 1',
  'CALL pragma_version()',
];

const FAILURES: readonly Failure[] = [
  { sql: 'SELECT * FROM nowhere', code: 'RELATION_NOT_FOUND', line: 1, column: 15 },
  { sql: 'SELECT\n  nowhere FROM customer', code: 'COLUMN_NOT_FOUND', line: 2, column: 3 },
  { sql: "SELECT 'ü🦆', nowhere FROM customer", code: 'COLUMN_NOT_FOUND', line: 1, column: 14 },
  { sql: 'SELECT customer.nowhere FROM customer', code: 'COLUMN_NOT_FOUND' },
  { sql: 'SELEC 1', code: 'STATEMENT_INVALID', line: 1, column: 1 },
  { sql: '', code: 'STATEMENT_INVALID' },
  { sql: 'SELECT ?', code: 'STATEMENT_INVALID' },
  { sql: 'SELECT 1; SELECT 2', code: 'MULTIPLE_STATEMENTS' },
  { sql: 'SELECT 1\0; SELECT 2', code: 'STATEMENT_INVALID' },
  { sql: "SELECT * FROM read_csv('/etc/passwd')", code: 'PERMISSION_DENIED' },
  { sql: "COPY customer TO '/tmp/custard-made.csv'", code: 'PERMISSION_DENIED' },
  { sql: "EXPORT DATABASE '/tmp/custard-made'", code: 'PERMISSION_DENIED' },
  { sql: "SELECT * FROM '/etc/passwd'", code: 'RELATION_NOT_FOUND' },
  { sql: "SELECT 'x'::INTEGER", code: 'QUERY_FAILED' },
];

export const duckdbEngine: Engine = {
  name: 'duckdb',
  dialect: 'duckdb',
  absent: {
    unreachable: 'A file has no server.',
    password: 'A file has no password.',
  },
  async start(): Promise<Fixture> {
    const folder = await mkdtemp(join(tmpdir(), 'custard-duckdb-'));
    const path = join(folder, 'shop.duckdb');
    await asOwner(path, SCHEMA);
    const connector = await openConnector({ dialect: 'duckdb', path });
    const url = `duckdb:${path}`;
    const execute = (sql: string) => asOwner(path, sql);
    return {
      connector,
      statements: sqlStatements(),
      ...maskParts(execute, MASKED_VALUES['duckdb'] ?? []),
      elsewhere: runElsewhere(url),
      wrong: { missing: () => openConnector({ dialect: 'duckdb', path: join(folder, 'nowhere.db') }) },
      schema: 'main',
      url,
      values: DUCKDB_VALUES,
      writes: WRITES,
      failures: FAILURES,
      execute,
      endless: 'WITH RECURSIVE c(n) AS (SELECT 1::HUGEINT UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c',
      series: (rows, width = 100) =>
        `SELECT n, repeat('x', ${width}) AS filler FROM range(1, ${rows + 1}) AS series(n)`,
      wideText: (characters) => `SELECT repeat('ü', ${characters}) AS wide`,
      running: () => busyProcesses(path),
      stop: async () => {
        await connector.close();
        await rm(folder, { recursive: true });
      },
    };
  },
};

/** DuckDB lets nobody write while another process reads: the connector's lets go of the file when it is idle. */
export async function asOwner(path: string, sql: string): Promise<void> {
  for (const deadline = performance.now() + 10_000; ; ) {
    try {
      const owner = await DuckDBInstance.create(path);
      const connection = await owner.connect();
      try {
        await connection.run(sql);
      } finally {
        connection.closeSync();
        owner.closeSync();
      }
      return;
    } catch (error) {
      const isLocked = error instanceof Error && error.message.includes('Could not set lock');
      if (!isLocked || performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}
