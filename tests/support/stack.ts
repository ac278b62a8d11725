import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectionView, CreatedConnection } from '#core/protocol/api.ts';
import { type Finished, Program } from './programs.ts';

interface StackOptions {
  /** The database that is asked. */
  readonly databaseUrl: string;
  readonly dbType?: 'POSTGRESQL' | 'SQLITE';
  readonly agentEnv?: NodeJS.ProcessEnv;
  readonly serverEnv?: NodeJS.ProcessEnv;
}

const CONNECTION = 'shop';

/** Control plane, agent and CLI as processes of their own, as in production. */
export class Stack implements AsyncDisposable {
  readonly #options: StackOptions;
  readonly #home: string;
  readonly origin: string;
  #server: Program | null = null;
  #agent: Program | null = null;
  #token = '';
  #created: CreatedConnection | null = null;

  private constructor(options: StackOptions, home: string, port: number) {
    this.#options = options;
    this.#home = home;
    this.origin = `http://127.0.0.1:${port}`;
  }

  static async start(options: StackOptions): Promise<Stack> {
    const home = await mkdtemp(join(tmpdir(), 'custard-test-'));
    const stack = new Stack(options, home, await freePort());
    try {
      await stack.startControlPlane();
      const created = await stack.#post('/connections', { name: CONNECTION, db_type: options.dbType ?? 'POSTGRESQL' });
      stack.#created = CreatedConnection.parse(created);
      await stack.startAgent();
      return stack;
    } catch (error) {
      await stack[Symbol.asyncDispose]();
      throw error;
    }
  }

  get agent(): Program {
    if (this.#agent === null) throw new Error('There is no agent.');
    return this.#agent;
  }

  get server(): Program {
    if (this.#server === null) throw new Error('There is no control plane.');
    return this.#server;
  }

  /** For the CLI as this stack's client. */
  get clientEnv(): NodeJS.ProcessEnv {
    return { ...this.#env(), CUSTARD_API_URL: this.origin, CUSTARD_TOKEN: this.#token, CUSTARD_CONNECTION: CONNECTION };
  }

  async startControlPlane(): Promise<void> {
    const { hostname, port } = new URL(this.origin);
    const database = `sqlite:${join(this.#home, 'control-plane.sqlite')}`;
    const env = { ...this.#env(), HOST: hostname, PORT: port, DATABASE_URL: database, ...this.#options.serverEnv };
    this.#server = new Program(['server', 'start'], env);
    if (this.#token === '') {
      this.#token = await this.#server.until('the bootstrap token', (output) => /custard_\w{36}/.exec(output)?.[0]);
    }
    await this.#server.until('the address', (output) => output.includes(this.origin) || null);
  }

  async startAgent(env: NodeJS.ProcessEnv = {}): Promise<void> {
    if (this.#created === null) throw new Error('There is no connection yet.');
    const { id, agent_id, api_key } = this.#created;
    this.#agent = new Program(['agent', 'run'], {
      ...this.#env(),
      BACKEND_WEBSOCKET_URI: `${this.origin.replace('http', 'ws')}/api/v1/connections/ws/{agent_id}`,
      CONNECTION_ID: id,
      AGENT_ID: agent_id,
      CUSTARD_API_KEY: api_key,
      DB_URL: this.#options.databaseUrl,
      ...this.#options.agentEnv,
      ...env,
    });
    await this.agent.until('the connection', (output) => /Connected/.exec(output));
    await this.until((view) => view.status === 'CONNECTED' && view.schema.state === 'READY');
  }

  /** Asks for the connection's state, again and again, until it is as wanted. */
  async until(wanted: (view: ConnectionView) => boolean): Promise<void> {
    const deadline = performance.now() + 30_000;
    while (performance.now() < deadline) {
      const response = await this.fetch(`/connections/${CONNECTION}`).catch(() => null);
      if (response?.ok && wanted(ConnectionView.parse(await response.json()))) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`The connection did not become as wanted.\n${this.#agent?.stderr}`);
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
    return new Program(args, { ...this.clientEnv, ...env });
  }

  async custard(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return await this.start(args, env).finished();
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json', ...init.headers };
    return await fetch(`${this.origin}/api/v1${path}`, { ...init, headers });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent?.stop();
    await this.#server?.stop();
    await rm(this.#home, { recursive: true, force: true });
  }

  async #post(path: string, body: object): Promise<unknown> {
    const response = await this.fetch(path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return await response.json();
  }

  /** Nothing of the caller's settings, and nothing left in their folders. */
  #env(): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], HOME: this.#home, TZ: 'UTC', LC_ALL: 'C.UTF-8', NODE_ENV: 'production' };
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
