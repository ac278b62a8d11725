import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { STATUS_SOCKET_PATH, STATUS_SUBPROTOCOL, STATUS_TOKEN_PREFIX, StatusMessage } from '#core/protocol/status.ts';
import { StatusBoard } from '../../status/status-board.ts';
import {
  type MetadataDatabase,
  metadataDatabase,
  startTestServer,
  type TestServer,
} from '../../test-support/test-server.ts';

let database: MetadataDatabase;
let server: TestServer;
const clients: WebSocket[] = [];
beforeEach(async () => {
  database = await metadataDatabase('sqlite');
  server = await startTestServer(database.url);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

interface Dial {
  readonly token?: string;
  readonly protocols?: readonly string[];
}

function dial({ token, protocols = [STATUS_SUBPROTOCOL] }: Dial): { client: WebSocket; messages: StatusMessage[] } {
  const client = new WebSocket(`${server.server.url.replace('http', 'ws')}${STATUS_SOCKET_PATH}`, [...protocols], {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  clients.push(client);
  const messages: StatusMessage[] = [];
  client.on('message', (data) => messages.push(StatusMessage.parse(JSON.parse(String(data)))));
  return { client, messages };
}

async function refusal(options: Dial): Promise<{ status: number | undefined; code: unknown }> {
  const { client } = dial(options);
  client.on('error', () => undefined);
  const [, response] = await once(client, 'unexpected-response');
  return { status: response.statusCode, code: response.headers['x-custard-error'] };
}

test('a snapshot first, then what is made, what changes, and what goes', async () => {
  server.gateway.online = false;
  const { messages } = dial({ token: server.token });
  await expect.poll(() => messages).toMatchObject([{ type: 'snapshot', connections: [] }]);
  const id = await server.createConnection('shop');
  const made = { type: 'connection', connection: { id, name: 'shop', status: 'PENDING', agents: 0, error: null } };
  await expect.poll(() => messages[1]).toMatchObject(made);
  server.gateway.online = true;
  server.gateway.live = {
    ...{ connectedAt: new Date(0), roundTripMs: 1.234, agents: 2 },
    health: { error: { code: 'DATABASE_UNREACHABLE', message: 'gone' }, since: new Date(5), running: 3, waiting: 4 },
  };
  await server.createConnection('other'); // nothing of a fake gateway tells that it changed
  await expect
    .poll(() => messages.slice(2).map((message) => message.type === 'connection' && message.connection))
    .toMatchObject([
      { name: 'other' },
      {
        ...{ name: 'shop', status: 'ERROR', since: new Date(5).toISOString(), error: { code: 'DATABASE_UNREACHABLE' } },
        ...{ round_trip_ms: 1.2, agents: 2, running: 3, waiting: 4, last_seen_at: null },
      },
    ]);
  const view = await (await server.request('GET', '/api/v1/connections/shop')).json();
  expect(view).toMatchObject({ status: 'ERROR', last_error: 'DATABASE_UNREACHABLE: gone' });
  expect(view).toMatchObject({ status_since: new Date(5).toISOString() });
  await server.request('DELETE', '/api/v1/connections/shop');
  await expect.poll(() => messages.at(-1)).toMatchObject({ type: 'removed', id });
});

test('it is for those who may call the interface: by the header, or by a subprotocol where there is none', async () => {
  const wrong = `custard_${'x'.repeat(36)}`;
  expect(await refusal({})).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  expect(await refusal({ token: wrong })).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  expect(await refusal({ token: server.token, protocols: ['other'] })).toMatchObject({ code: 'VERSION_UNSUPPORTED' });
  const { client, messages } = dial({ protocols: [STATUS_SUBPROTOCOL, STATUS_TOKEN_PREFIX + server.token] });
  await expect.poll(() => messages.length).toBe(1);
  expect(client.protocol).toBe(STATUS_SUBPROTOCOL);
});

test('a client that says more than nothing is cut off, and a server that closes says so', async () => {
  const talker = dial({ token: server.token });
  await once(talker.client, 'open');
  talker.client.send('x'.repeat(2_000));
  const [code] = await once(talker.client, 'close');
  expect(code).toBe(1009);
  const listener = dial({ token: server.token });
  await once(listener.client, 'open');
  const closed = once(listener.client, 'close');
  await server.server.close();
  await closed;
});

test('each organization hears of its own only, and only so many may listen', async () => {
  const heard: Record<string, string[]> = { a: [], b: [] };
  const board = new StatusBoard({
    read: async (organization) => {
      heard[organization]?.push('read');
      return [];
    },
    onBug: (error) => {
      throw error;
    },
    limits: { clients: 3, clientsOfOne: 2 },
  });
  const listen = (organization: string) => board.watch(organization, ({ type }) => heard[organization]?.push(type));
  const leave = listen('a');
  listen('a');
  expect(() => listen('a')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  await expect.poll(() => heard).toEqual({ a: ['read', 'snapshot', 'snapshot'], b: [] });
  listen('b');
  expect(() => listen('c')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  leave();
  leave();
  listen('c');
  board.close();
});
