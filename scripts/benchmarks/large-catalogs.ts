import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import mysql from 'mysql2/promise';
import { Client } from 'pg';
import type { DbType } from '#core/dialects.ts';

/** A database with very many tables, and how to be rid of it. */
interface LargeCatalog extends AsyncDisposable {
  readonly url: string;
}

export interface CatalogSize {
  readonly tables: number;
  /** Three at least. */
  readonly columns: number;
}

interface CatalogEngine {
  readonly name: string;
  readonly dbType: DbType;
  readonly create: (size: CatalogSize, place: CatalogPlace) => Promise<LargeCatalog>;
}

export interface CatalogPlace {
  readonly folder: string;
  readonly postgresUrl: string;
  readonly mariadbUrl: string;
}

const DATABASE = 'custard_bench_catalog';
const BATCH = 100;

export const CATALOG_ENGINES: readonly CatalogEngine[] = [
  { name: 'PostgreSQL', dbType: 'POSTGRESQL', create: createInPostgres },
  { name: 'MariaDB', dbType: 'MYSQL', create: createInMariadb },
  { name: 'SQLite', dbType: 'SQLITE', create: createInSqlite },
  { name: 'DuckDB', dbType: 'DUCKDB', create: createInDuckdb },
];

/** Each with a primary, a unique and, but for the first, a foreign key to the one before. */
function* statements({ tables, columns }: CatalogSize): Generator<string> {
  const types = ['integer', 'varchar(80)', 'date', 'decimal(12,2)', 'timestamp', 'bigint'];
  for (let table = 0; table < tables; table++) {
    const name = nameOf(table);
    const more = Array.from({ length: columns - 3 }, (_, i) => `attribute_${i + 1} ${types[i % types.length]} NULL`);
    const definitions = [
      ...['id bigint PRIMARY KEY', 'parent_id bigint', 'code varchar(40) NOT NULL', ...more, 'UNIQUE (code, id)'],
      ...(table === 0 ? [] : [`FOREIGN KEY (parent_id) REFERENCES ${nameOf(table - 1)} (id)`]),
    ];
    yield `CREATE TABLE ${name} (${definitions.join(', ')})`;
  }
}

const nameOf = (table: number): string => `measured_${String(table).padStart(5, '0')}`;

function* batches(size: CatalogSize): Generator<string> {
  let batch: string[] = [];
  for (const statement of statements(size)) {
    batch.push(statement);
    if (batch.length < BATCH) continue;
    yield batch.join(';\n');
    batch = [];
  }
  if (batch.length > 0) yield batch.join(';\n');
}

async function createInPostgres(size: CatalogSize, { postgresUrl }: CatalogPlace): Promise<LargeCatalog> {
  const asAdmin = async (sql: string, connectionString = postgresUrl): Promise<void> => {
    const client = new Client({ connectionString });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await asAdmin(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await asAdmin(`CREATE DATABASE ${DATABASE}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${DATABASE}`;
  for (const batch of batches(size)) await asAdmin(batch, url.href);
  await asAdmin('ANALYZE', url.href);
  return { url: url.href, [Symbol.asyncDispose]: () => asAdmin(`DROP DATABASE ${DATABASE} WITH (FORCE)`) };
}

async function createInMariadb(size: CatalogSize, { mariadbUrl }: CatalogPlace): Promise<LargeCatalog> {
  const asAdmin = async (sqls: Iterable<string>): Promise<void> => {
    const { hostname: host, port, username: user, password } = new URL(mariadbUrl);
    const account = { host, port: Number(port), user, password, multipleStatements: true };
    const connection = await mysql.createConnection(account);
    for (const sql of sqls) await connection.query(sql);
    await connection.end();
  };
  await asAdmin([`DROP DATABASE IF EXISTS ${DATABASE}`, `CREATE DATABASE ${DATABASE}`]);
  await asAdmin(
    (function* () {
      yield `USE ${DATABASE}`;
      yield* batches(size);
    })(),
  );
  const url = new URL(mariadbUrl);
  url.pathname = `/${DATABASE}`;
  return { url: url.href, [Symbol.asyncDispose]: () => asAdmin([`DROP DATABASE ${DATABASE}`]) };
}

async function createInSqlite(size: CatalogSize, { folder }: CatalogPlace): Promise<LargeCatalog> {
  const file = join(folder, 'catalog.sqlite');
  const database = new DatabaseSync(file);
  database.exec('BEGIN');
  for (const batch of batches(size)) database.exec(batch);
  database.exec('COMMIT');
  database.close();
  return { url: `sqlite:${file}`, async [Symbol.asyncDispose]() {} };
}

async function createInDuckdb(size: CatalogSize, { folder }: CatalogPlace): Promise<LargeCatalog> {
  const file = join(folder, 'catalog.duckdb');
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run('BEGIN');
  for (const statement of statements(size)) await connection.run(statement);
  await connection.run('COMMIT');
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  return { url: `duckdb:${file}`, async [Symbol.asyncDispose]() {} };
}
