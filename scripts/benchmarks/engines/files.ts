import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import { busyProcesses } from '#agent/connectors/testing/busy-processes.ts';
import { type MeasuredEngine, TABLE } from './engine.ts';

/** What both engines understand; the numbers are a table of theirs. */
const select = (numbers: string, text: string): string => `
  SELECT i * 1000003 AS id,
    CASE i % 50 WHEN 0 THEN 'Jürgen "Max" O''Brien ' || i WHEN 1 THEN '佐藤 ' || i ELSE 'Customer number ' || i END AS name,
    ${text},
    i % 3 = 0 AS paid,
    CASE WHEN i % 10 = 0 THEN NULL WHEN i % 97 = 0 THEN 'two' || chr(10) || 'lines' ELSE 'delivered to the door' END AS note
  FROM ${numbers}`;

export async function openSqlite(rows: number): Promise<MeasuredEngine> {
  const file = await temporaryFile('measured.db');
  const database = new DatabaseSync(file.path);
  const counted = `(WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT ${rows}) SELECT i FROM c)`;
  const cells = `round(i % 100000 * 1.37, 2) AS amount, datetime(1704067200 + i * 37, 'unixepoch') AS ordered_at`;
  database.exec(`CREATE TABLE ${TABLE} (id BIGINT, name TEXT, amount REAL, ordered_at DATETIME, paid BOOLEAN, note TEXT);
    INSERT INTO ${TABLE} ${select(counted, cells).replace('chr(', 'char(')}`);
  database.close();
  return {
    name: 'SQLite',
    dbType: 'SQLITE',
    url: `sqlite:${file.path}`,
    running: () => busyProcesses(file.path),
    [Symbol.asyncDispose]: file.remove,
  };
}

export async function openDuckdb(rows: number): Promise<MeasuredEngine> {
  const file = await temporaryFile('measured.duckdb');
  const instance = await DuckDBInstance.create(file.path);
  const connection = await instance.connect();
  const cells = `((i % 100000) * 1.37)::DECIMAL(12, 2) AS amount, TIMESTAMP '2024-01-01' + to_seconds(i * 37) AS ordered_at`;
  await connection.run(`CREATE TABLE ${TABLE} AS ${select(`range(1, ${rows + 1}) AS numbers(i)`, cells)}`);
  connection.closeSync();
  instance.closeSync();
  return {
    name: 'DuckDB',
    dbType: 'DUCKDB',
    url: `duckdb:${file.path}`,
    running: () => busyProcesses(file.path),
    [Symbol.asyncDispose]: file.remove,
  };
}

async function temporaryFile(name: string): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'custard-bench-'));
  return { path: join(folder, name), remove: () => rm(folder, { recursive: true }) };
}
