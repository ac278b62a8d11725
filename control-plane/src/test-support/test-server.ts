import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { z } from 'zod';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { parseEnvironment } from '../env.ts';
import { type RunningServer, type StartServerOptions, startServer } from '../server.ts';
import { FakeGateway } from './fake-gateway.ts';
import { Outbox } from './outbox.ts';

export const ENGINES = ['sqlite', 'postgres'] as const;

export interface MetadataDatabase extends AsyncDisposable {
  readonly url: string;
}

/** An empty database of its own, gone with its holder. */
export async function metadataDatabase(engine: (typeof ENGINES)[number]): Promise<MetadataDatabase> {
  if (engine === 'sqlite') {
    const directory = mkdtempSync(join(tmpdir(), 'custard-control-plane-'));
    return {
      url: `sqlite:${join(directory, 'metadata.db')}`,
      async [Symbol.asyncDispose]() {
        rmSync(directory, { recursive: true });
      },
    };
  }
  const name = `control_plane_${randomBytes(6).toString('hex')}`;
  // Of an owner who is no superuser, or row-level security would hold nobody.
  await asSuperuser(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`, `CREATE DATABASE ${name} OWNER ${name}`);
  const url = Object.assign(new URL(postgresUrl()), { pathname: `/${name}`, username: name, password: name });
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => asSuperuser(`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`),
  };
}

async function asSuperuser(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly gateway: FakeGateway;
  readonly token: string;
  readonly outbox: Outbox;
  /** As the holder of the token unless the headers say otherwise. */
  request(method: string, path: string, body?: unknown, init?: RequestInit): Promise<Response>;
  /** The body of a POST /query as one JSON answer. */
  query(body: Readonly<Record<string, unknown>>): Promise<{ status: number; body: Body }>;
  createConnection(name?: string): Promise<string>;
}

/** Whatever a JSON body holds, for the assertions to look into. */
const Body = z.record(z.string(), z.any());
type Body = z.infer<typeof Body>;

export const readBody = async (response: Response): Promise<Body> => Body.parse(await response.json());

type TestServerOptions = Partial<Omit<StartServerOptions, 'config'>> & {
  readonly env?: Readonly<Record<string, string>>;
  /** When the first start was another server's. */
  readonly token?: string;
};

export async function startTestServer(databaseUrl: string, options: TestServerOptions = {}): Promise<TestServer> {
  const gateway = new FakeGateway();
  const { env, token: knownToken, ...rest } = options;
  const outbox = mkdtempSync(join(tmpdir(), 'custard-outbox-'));
  const server = await startServer({
    ...{ version: '1.2.3', logger: pino({ level: 'silent' }), createGateway: () => gateway, ...rest },
    config: parseEnvironment({
      DATABASE_URL: databaseUrl,
      PORT: '0',
      MAIL_OUTBOX: outbox,
      TRUSTED_PROXIES: '1',
      ...env,
    }),
  });
  const token = knownToken ?? options.ownToken ?? server.bootstrapToken ?? '';
  const request: TestServer['request'] = (method, path, body, init = {}) =>
    fetch(`${server.url}${path}`, {
      ...{ method, ...init },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    ...{ server, gateway, token, request, outbox: new Outbox(outbox) },
    async query(body) {
      const response = await request('POST', '/api/v1/query', body);
      return { status: response.status, body: await readBody(response) };
    },
    async createConnection(name = 'shop') {
      const response = await request('POST', '/api/v1/connections', { name, db_type: 'POSTGRESQL' });
      return String((await readBody(response))['id']);
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(outbox, { recursive: true });
    },
  };
}
