import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import knex, { type Knex } from 'knex';
import type { Client } from 'pg';
import { CustardError } from '#core/errors.ts';
import type { BulkStatement } from './bulk-statement.ts';
import { ORGANIZATION_SETTING, SYSTEM_SETTING } from './migrations/row-level-security.ts';
import { type PreparedConnection, PreparedPostgres, PreparedSqlite, type ValueRow } from './prepared-connection.ts';
import { NodeSqliteClient } from './sqlite-client.ts';

/** The metadata database: SQLite or PostgreSQL, the same tables on both. */
export interface Database {
  readonly engine: 'sqlite' | 'postgres';
  /** Sees every organization: for the program's own work, and where a secret says which organization is meant. */
  readonly knex: Knex;
  /**
   * For everything else: on PostgreSQL in a transaction that sees nothing but this organization's rows
   * (see migrations/row-level-security.ts), on SQLite the same connection; statements name the organization all the same.
   */
  forOrganization<T>(organizationId: string, work: (knex: Knex) => Promise<T>): Promise<T>;
  /** Begins, runs the work on one connection, commits; rolls back when the work throws. */
  transaction<T>(work: (connection: PreparedConnection) => Promise<T>): Promise<T>;
  /** All rows or none. */
  bulk(statement: BulkStatement, rows: readonly ValueRow[]): Promise<void>;
  close(): Promise<void>;
}

/** CONFIG_INVALID when the URL is neither sqlite:PATH nor postgres://…; connects when first used. */
export async function openDatabase(url: string): Promise<Database> {
  if (url.startsWith('sqlite:')) return openSqlite(sqlitePath(url));
  if (/^postgres(ql)?:\/\//.test(url)) return await openPostgres(url);
  throw new CustardError('CONFIG_INVALID', 'DATABASE_URL is not the URL of a database Custard can keep its data in.', {
    hint: 'Use sqlite:/path/to/custard.db or postgres://user:password@host/database.',
  });
}

/** sqlite:PATH, sqlite:///ABSOLUTE/PATH and sqlite::memory: */
function sqlitePath(url: string): string {
  return url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
}

/**
 * knex would print to stdout; what it prints is thrown as well. Without compileSqlOnError its messages
 * hold the statement only, not the values: those are hashes of keys, whole schemas, what people asked.
 */
const QUIET = Object.fromEntries(['debug', 'warn', 'error', 'deprecate'].map((level) => [level, () => undefined]));

function openSqlite(filename: string): Database {
  if (filename !== ':memory:') makePrivate(filename);
  const pool = knex({
    client: NodeSqliteClient,
    connection: { filename },
    log: QUIET,
    compileSqlOnError: false,
    useNullAsDefault: true,
    // The one connection lives as long as the database: with :memory: it is the database.
    pool: { min: 1, max: 1, idleTimeoutMillis: 2 ** 31 - 1 },
  });
  const prepare = (connection: object): PreparedConnection => {
    if (!(connection instanceof DatabaseSync)) throw new Error('not a connection of node:sqlite');
    return new PreparedSqlite(connection);
  };
  return {
    ...database('sqlite', pool, 'BEGIN IMMEDIATE', prepare),
    forOrganization: (_organizationId, work) => work(pool),
    close: () => pool.destroy(),
  };
}

/** Hashes of keys and the questions people asked are nobody else's business. */
function makePrivate(filename: string): void {
  mkdirSync(dirname(filename), { recursive: true, mode: 0o700 });
  if (existsSync(filename)) return;
  new DatabaseSync(filename).close();
  chmodSync(filename, 0o600);
}

type AfterCreate = (connection: Client, done: (error: Error | null, connection: Client) => void) => void;

async function openPostgres(connectionString: string): Promise<Database> {
  const [{ default: PostgresClient }, { default: pg }] = await Promise.all([
    import('knex/lib/dialects/postgres/index.js'),
    import('pg'),
  ]);
  const open = (afterCreate?: AfterCreate): Knex =>
    knex({
      client: PostgresClient,
      connection: { connectionString, application_name: 'custard', connectionTimeoutMillis: 10_000 },
      log: QUIET,
      compileSqlOnError: false,
      pool: { min: 0, max: 8, ...(afterCreate === undefined ? {} : { afterCreate }) },
      acquireConnectionTimeout: 10_000,
    });
  // Of two kinds from their start on: a connection that acts for organizations was never allowed more.
  const system = open((connection, done) => {
    connection.query(`SET ${SYSTEM_SETTING} = 'on'`, (error) => done(error, connection));
  });
  const tenants = open();
  const prepare = (connection: object): PreparedConnection => {
    if (!(connection instanceof pg.Client)) throw new Error('not a connection of pg');
    return new PreparedPostgres(connection);
  };
  return {
    ...database('postgres', system, 'BEGIN', prepare),
    forOrganization: (organizationId, work) =>
      tenants.transaction(async (trx) => {
        await trx.raw('SELECT set_config(?, ?, true)', [ORGANIZATION_SETTING, organizationId]);
        return await work(trx);
      }),
    async close() {
      await Promise.all([system.destroy(), tenants.destroy()]);
    },
  };
}

function database(
  engine: Database['engine'],
  pool: Knex,
  begin: string,
  prepare: (connection: object) => PreparedConnection,
): Omit<Database, 'forOrganization' | 'close'> {
  const prepared = new WeakMap<object, PreparedConnection>();
  const preparedOf = (connection: object): PreparedConnection => {
    const known = prepared.get(connection) ?? prepare(connection);
    prepared.set(connection, known);
    return known;
  };
  const onConnection = async <T>(work: (connection: PreparedConnection) => Promise<T>): Promise<T> => {
    const connection: object = await pool.client.acquireConnection();
    try {
      return await work(preparedOf(connection));
    } finally {
      pool.client.releaseConnection(connection);
    }
  };
  const transaction: Database['transaction'] = (work) => onConnection((connection) => within(connection, begin, work));
  return {
    ...{ engine, knex: pool, transaction },
    // PostgreSQL takes all rows in one statement, which is a transaction by itself and one way there and back.
    bulk: (statement, rows) =>
      engine === 'postgres'
        ? onConnection((connection) => connection.bulk(statement, rows))
        : transaction((connection) => connection.bulk(statement, rows)),
  };
}

async function within<T>(
  connection: PreparedConnection,
  begin: string,
  work: (connection: PreparedConnection) => Promise<T>,
): Promise<T> {
  await connection.execute(begin);
  try {
    const result = await work(connection);
    await connection.execute('COMMIT');
    return result;
  } catch (error) {
    await connection.execute('ROLLBACK').catch(() => undefined); // the first error is the one that tells
    throw error;
  }
}
