import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { postgresUrl } from '#core/testing/postgres-url.ts';

const exec = promisify(execFile);

/** A database of the test's own on the throw-away PostgreSQL; dropped at the end. */
export class Database implements AsyncDisposable {
  readonly name: string;
  readonly url: string;
  /** As a role that may log in with a password and read, nothing else. */
  readonly readerUrl: string;
  readonly admin: Client;

  private constructor(name: string, password: string, admin: Client) {
    this.name = name;
    this.admin = admin;
    const url = new URL(postgresUrl());
    url.pathname = `/${name}`;
    this.url = url.href;
    url.username = name;
    url.password = password;
    this.readerUrl = url.href;
  }

  static async create(files: readonly string[] = [], statements: readonly string[] = []): Promise<Database> {
    const name = `custard_test_${randomBytes(6).toString('hex')}`;
    const password = randomBytes(12).toString('hex');
    await withClient(postgresUrl(), async (server) => {
      await server.query(`CREATE DATABASE ${name}`);
      await server.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}' IN ROLE pg_read_all_data`);
    });
    const url = new URL(postgresUrl());
    url.pathname = `/${name}`;
    for (const file of files)
      await exec('psql', [url.href, '-q', '-v', 'ON_ERROR_STOP=1', '-f', file], { maxBuffer: 1 << 26 });
    const admin = new Client({ connectionString: url.href });
    await admin.connect();
    for (const statement of statements) await admin.query(statement);
    return new Database(name, password, admin);
  }

  /** Resolves once no statement of ours that matches runs here any more; how long that took, in milliseconds. */
  async untilGone(pattern: string): Promise<number> {
    const started = performance.now();
    while (performance.now() - started < 15_000) {
      if ((await this.running(pattern)) === 0) return performance.now() - started;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`Still running after 15 s: ${pattern}`);
  }

  /** Resolves once a statement that matches runs here. */
  async untilRunning(pattern: string): Promise<void> {
    const deadline = performance.now() + 15_000;
    while (performance.now() < deadline) {
      if ((await this.running(pattern)) > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`Never seen running: ${pattern}`);
  }

  async running(pattern: string): Promise<number> {
    const { rows } = await this.admin.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE datname = $1 AND pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE $2`,
      [this.name, pattern],
    );
    return rows[0]?.n ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.end();
    await withClient(postgresUrl(), async (server) => {
      await server.query(`DROP DATABASE ${this.name} WITH (FORCE)`);
      await server.query(`DROP ROLE ${this.name}`);
    });
  }
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
