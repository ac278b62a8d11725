import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { parseComposeFile } from './compose-file.ts';
import { Composed } from './composed.ts';
import type { Podman } from './podman.ts';
import { type Finished, Program } from './programs.ts';
import { freePort } from './stack.ts';

export const COMPOSE_FILE = fileURLToPath(new URL('../../compose.yaml', import.meta.url));

/**
 * compose.yaml as it is but for what follows from containers that share the machine's network: ports, and PostgreSQL,
 * which the throw-away server stands in for, with a database and an owner as its image would make them.
 */
export class ComposeStack implements AsyncDisposable {
  readonly podman: Podman;
  readonly composed: Composed;
  readonly origin: string;
  readonly database = `custard_test_${randomBytes(6).toString('hex')}`;
  readonly #home = mkdtempSync(join(tmpdir(), 'custard-test-'));
  #owner: Client | null = null;
  #token = '';

  private constructor(podman: Podman, port: number) {
    this.podman = podman;
    this.origin = `http://127.0.0.1:${port}`;
    const server = new URL(postgresUrl());
    const api = { CUSTARD_API_URL: `http://control-plane:${port}` };
    this.composed = new Composed({
      podman,
      file: parseComposeFile(readFileSync(COMPOSE_FILE, 'utf8')),
      standIns: { postgres: () => this.#createDatabase() },
      environment: {
        'control-plane': () => ({ PORT: String(port) }),
        'demo-shop': () => ({
          ...api,
          PGPORT: server.port,
          PGUSER: this.database,
          PGDATABASE: this.database,
          READER: this.reader,
        }),
        agent: () => ({
          BACKEND_WEBSOCKET_URI: `ws://control-plane:${port}/api/v1/connections/ws/{agent_id}`,
          DB_PORT: server.port,
          DB_NAME: this.database,
        }),
        custard: () => api,
      },
    });
  }

  static async up(podman: Podman): Promise<ComposeStack> {
    const stack = new ComposeStack(podman, await freePort());
    try {
      await stack.composed.up();
      const path = '/run/custard/token/token.env';
      const script = `process.stdout.write(fs.readFileSync("${path}", "utf8").trim().split("=")[1])`;
      stack.#token = (await podman.evaluate(stack.composed.container('control-plane'), script)).stdout;
      return stack;
    } catch (error) {
      await stack[Symbol.asyncDispose]();
      throw error;
    }
  }

  get reader(): string {
    return `${this.database}_reader`;
  }

  /** The role of those agents that are started by a printed command. */
  get pasted(): string {
    return `${this.database}_pasted`;
  }

  /** Of the shop's database. */
  get owner(): Client {
    if (this.#owner === null) throw new Error('There is no database yet.');
    return this.#owner;
  }

  /** The owner's, for the command outside. */
  get clientEnv(): NodeJS.ProcessEnv {
    const PATH = process.env['PATH'];
    return { PATH, HOME: this.#home, TZ: 'UTC', CUSTARD_API_URL: this.origin, CUSTARD_TOKEN: this.#token };
  }

  custard(args: readonly string[]): Promise<Finished> {
    return new Program(args, this.clientEnv).finished();
  }

  /** What PostgreSQL's image does at its first start with the password that the service before it made. */
  async #createDatabase(): Promise<void> {
    const { podman, composed, database } = this;
    const folder = '/run/custard/owner';
    const entrypoint = JSON.stringify(['/usr/local/bin/node', '-p', `fs.readFileSync("${folder}/password", "utf8")`]);
    const mount = `${composed.volume('owner')}:${folder}:ro`;
    const image = 'custard-control-plane:0.1.0';
    const password = await podman.run([
      'run',
      '--rm',
      '--user',
      '999',
      '--volume',
      mount,
      '--entrypoint',
      entrypoint,
      image,
    ]);
    await asSuperuser([
      `CREATE ROLE ${database} LOGIN SUPERUSER PASSWORD '${password}'`,
      `CREATE DATABASE ${database} OWNER ${database}`,
    ]);
    const url = new URL(postgresUrl());
    url.pathname = `/${database}`;
    this.#owner = new Client({ connectionString: url.href });
    await this.#owner.connect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#home, { recursive: true, force: true });
    if (this.#owner === null) return;
    await this.#owner.end();
    await asSuperuser([
      `DROP DATABASE ${this.database} WITH (FORCE)`,
      `DROP ROLE IF EXISTS ${this.pasted}`,
      `DROP ROLE IF EXISTS ${this.reader}`,
      `DROP ROLE ${this.database}`,
    ]);
  }
}

async function asSuperuser(statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: postgresUrl() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
