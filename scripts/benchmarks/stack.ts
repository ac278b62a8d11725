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
  const created = CreatedConnection.parse(
    await callApi(apiUrl, token, '/connections', { name: CONNECTION, db_type: dbType }),
  );
  const agentEnv = {
    ...env,
    BACKEND_WEBSOCKET_URI: `ws://${apiUrl.host}/api/v1/connections/ws/{agent_id}`,
    CONNECTION_ID: created.id,
    AGENT_ID: created.agent_id,
    CUSTARD_API_KEY: created.api_key,
    DB_URL: databaseUrl,
  };
  const agent = stack.use(new Service('agent', custard('agent', 'run'), agentEnv));
  await agent.until('its connection', async () => {
    const view = ConnectionView.parse(await callApi(apiUrl, token, `/connections/${created.id}`));
    return view.status === 'CONNECTED' && view.schema.state === 'READY' ? view : null;
  });
  const clientEnv = { ...env, CUSTARD_API_URL: apiUrl.origin, CUSTARD_TOKEN: token };
  const kept = stack.move();
  return {
    apiUrl,
    token,
    connectionId: created.id,
    controlPlane,
    agent,
    clientEnv,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Nothing of the caller's settings, and nothing left in their folders. */
function isolatedEnv(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', NODE_ENV: 'production' };
}

/** GET, or POST with a body; throws what the server answered when that is no success. */
async function callApi(apiUrl: URL, token: string, path: string, body?: object): Promise<unknown> {
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
