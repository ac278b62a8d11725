import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Client } from 'pg';
import type { BulkStatement } from './bulk-statement.ts';
import { whenFree } from './when-free.ts';

export type Value = string | number | null;
export type ValueRow = Readonly<Record<string, Value>>;

/**
 * One connection inside a transaction, for statements that run with every request: prepared once, no
 * query building. Statements are constants of this program; `?` stands for a value.
 */
export interface PreparedConnection {
  all(sql: string, values: readonly Value[]): Promise<readonly unknown[]>;
  bulk(statement: BulkStatement, rows: readonly ValueRow[]): Promise<void>;
  execute(sql: string): Promise<void>;
}

/** Inside a transaction that holds the lock, nothing of this ever waits. */
export class PreparedSqlite implements PreparedConnection {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  async all(sql: string, values: readonly Value[]): Promise<readonly unknown[]> {
    return this.#prepare(sql).all(...values);
  }

  async bulk({ columns, sqlite }: BulkStatement, rows: readonly ValueRow[]): Promise<void> {
    const statement = this.#prepare(sqlite);
    for (const row of rows) statement.run(...columns.map((column) => row[column] ?? null));
  }

  async execute(sql: string): Promise<void> {
    await whenFree(() => this.#connection.exec(sql));
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

export class PreparedPostgres implements PreparedConnection {
  readonly #connection: Client;

  constructor(connection: Client) {
    this.#connection = connection;
  }

  async all(sql: string, values: readonly Value[]): Promise<readonly unknown[]> {
    let index = 0;
    const text = sql.replaceAll('?', () => `$${++index}`);
    return (await this.#connection.query<Record<string, unknown>>({ name: name(text), text, values: [...values] }))
      .rows;
  }

  async bulk({ columns, postgres }: BulkStatement, rows: readonly ValueRow[]): Promise<void> {
    const values = columns.map((column) => rows.map((row) => storable(row[column] ?? null)));
    await this.#connection.query({ name: name(postgres), text: postgres, values });
  }

  async execute(sql: string): Promise<void> {
    await this.#connection.query(sql);
  }
}

/** PostgreSQL's text holds every character but this one, and one row of a group must not fail the others. */
const storable = (value: Value): Value => (typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value);

/** PostgreSQL cuts the names of prepared statements at 63 bytes, so the text itself cannot be one. */
function name(text: string): string {
  let hash = 5381;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 33) ^ text.charCodeAt(index)) >>> 0;
  return `custard_${hash}_${text.length}`;
}
