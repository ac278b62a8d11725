import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DbType } from '#core/dialects.ts';
import { ConnectionView, CreatedConnection } from '#core/protocol/api.ts';
import { custard, Service } from './programs.ts';

/** Control plane and agent as processes of their own, with an agent connected to the given database. */
export interface Stack extends AsyncDisposable {
  readonly apiUrl: URL;
  readonly token: string;
  readonly connectionId: string;
  readonly controlPlane: Service;
  readonly agent: Service;
  /** For the CLI to be that server's client. */
  readonly clientEnv: NodeJS.ProcessEnv;
}

export const CONNECTION = 'measured';

export async function startStack(databaseUrl: string, dbType: DbType = 'POSTGRESQL'): Promise<Stack> {
  await using stack = new AsyncDisposableStack();
  const server = await startServer(stack, dbType);
  const { apiUrl, token, connection } = server;
  const agent = stack.use(startAgent(server, databaseUrl));
  await agent.until('its connection', async () => ((await isConnected(server, { withSchema: true })) ? true : null));
  const kept = stack.move();
  return {
    ...{ apiUrl, token, agent, connectionId: connection.id },
    ...{ controlPlane: server.controlPlane, clientEnv: server.clientEnv },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A control plane with a connection whose agent is still to come. */
export interface Server {
  readonly apiUrl: URL;
  readonly token: string;
  readonly connection: CreatedConnection;
  readonly controlPlane: Service;
  readonly clientEnv: NodeJS.ProcessEnv;
}

/** Ends with `stack`. */
export async function startServer(stack: AsyncDisposableStack, dbType: DbType): Promise<Server> {
  const home = await mkdtemp(join(tmpdir(), 'custard-bench-'));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const env = isolatedEnv(home);
  const apiUrl = new URL(`http://127.0.0.1:${await freePort()}`);
  const serverEnv = {
    ...env,
    HOST: apiUrl.hostname,
    PORT: apiUrl.port,
    DATABASE_URL: `sqlite:${join(home, 'custard.sqlite')}`,
  };
  const controlPlane = stack.use(new Service('control plane', custard('server', 'start'), serverEnv));
  const token = await controlPlane.until(
    'its bootstrap token',
    (output) => /custard_\w{20,}/.exec(output)?.[0] ?? null,
  );
  await controlPlane.until('readiness', () => isReady(apiUrl));
  const asked = { name: CONNECTION, db_type: dbType };
  const connection = CreatedConnection.parse(await callApi({ apiUrl, token }, '/connections', asked));
  const clientEnv = { ...env, CUSTARD_API_URL: apiUrl.origin, CUSTARD_TOKEN: token };
  return { apiUrl, token, connection, controlPlane, clientEnv };
}

export function startAgent({ apiUrl, connection, clientEnv }: Server, databaseUrl: string): Service {
  const { CUSTARD_API_URL: _, CUSTARD_TOKEN: __, ...env } = clientEnv;
  return new Service('agent', custard('agent', 'run'), {
    ...env,
    BACKEND_WEBSOCKET_URI: `ws://${apiUrl.host}/api/v1/connections/ws/{agent_id}`,
    CONNECTION_ID: connection.id,
    AGENT_ID: connection.agent_id,
    CUSTARD_API_KEY: connection.api_key,
    DB_URL: databaseUrl,
  });
}

export async function isConnected(server: Server, { withSchema }: { readonly withSchema: boolean }): Promise<boolean> {
  const view = ConnectionView.parse(await callApi(server, `/connections/${server.connection.id}`));
  return view.status === 'CONNECTED' && (!withSchema || view.schema.state === 'READY');
}

/** Nothing of the caller's settings, and nothing left in their folders. */
function isolatedEnv(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', NODE_ENV: 'production' };
}

/** GET, or POST with a body; throws what the server answered when that is no success. */
export async function callApi(
  { apiUrl, token }: Pick<Server, 'apiUrl' | 'token'>,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(new URL(`/api/v1${path}`, apiUrl), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return await response.json();
}

async function isReady(apiUrl: URL): Promise<true | null> {
  const response = await fetch(new URL('/ready', apiUrl)).catch(() => null);
  return response?.ok ? true : null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
