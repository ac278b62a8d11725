/**
 * node driver-reader.ts URL: reads the measured table with the engine's own driver, as its documentation says for
 * results that are large, into arrays of JavaScript values, and does nothing with them. Prints how many there were.
 */
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import mysql from 'mysql2';
import { Client } from 'pg';
import Cursor from 'pg-cursor';
import { STATEMENT } from './engine.ts';

const ROWS_PER_READ = 2_000;

async function readPostgres(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const cursor = client.query(new Cursor<unknown[]>(STATEMENT, [], { rowMode: 'array' }));
  let count = 0;
  for (let rows = await cursor.read(ROWS_PER_READ); rows.length > 0; rows = await cursor.read(ROWS_PER_READ)) {
    count += rows.length;
  }
  await client.end();
  return count;
}

async function readMariadb(url: string): Promise<number> {
  const connection = mysql.createConnection({ uri: url.replace(/^mariadb/, 'mysql'), rowsAsArray: true });
  let count = 0;
  for await (const _ of connection.query(STATEMENT).stream()) count++;
  connection.destroy();
  return count;
}

async function readSqlite(url: string): Promise<number> {
  const database = new DatabaseSync(url.slice('sqlite:'.length), { readOnly: true });
  const statement = database.prepare(STATEMENT);
  statement.setReturnArrays(true);
  statement.setReadBigInts(true);
  let count = 0;
  for (const _ of statement.iterate()) count++;
  return count;
}

async function readDuckdb(url: string): Promise<number> {
  const instance = await DuckDBInstance.create(url.slice('duckdb:'.length), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const result = await connection.stream(STATEMENT);
  let count = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    count += chunk.getRows().length;
  }
  connection.closeSync();
  return count;
}

const READERS: Readonly<Record<string, (url: string) => Promise<number>>> = {
  postgres: readPostgres,
  mariadb: readMariadb,
  sqlite: readSqlite,
  duckdb: readDuckdb,
};

const [, , url = ''] = process.argv;
const read = READERS[url.slice(0, url.indexOf(':'))];
if (read === undefined) throw new Error('Give the URL of a database that has the measured table.');
console.log(await read(url));
