import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RowSink, RunEnd, RunOptions } from '#agent/connectors/connector.ts';
import type { RunningAgent } from '#agent/main.ts';
import { CustardError } from '#core/errors.ts';
import { CHUNK_BYTES, CREDIT_CHUNKS, KIB, MAX_ERROR_CHARACTERS, MIB } from '#core/protocol/limits.ts';
import { LIMITS, openAgent } from './support/link-bench.ts';
import { nextMessage, send } from './support/raw-agent.ts';
import { scriptedConnector } from './support/scripted-connector.ts';

/** An agent stands in the customer's network: whoever answers its call must not be able to fill or break it. */

const server = createServer();
const sockets = new WebSocketServer({ server });
let agent: RunningAgent;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
});
afterEach(async () => {
  for (const socket of sockets.clients) socket.terminate();
  await agent.stop();
});

/** An agent that has been welcomed by the test. */
async function linked(script: (options: RunOptions, sink: RowSink) => Promise<RunEnd>): Promise<WebSocket> {
  const dialled = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  agent = await openAgent({ port: (server.address() as AddressInfo).port }, scriptedConnector(script));
  const socket = await dialled;
  await nextMessage(socket, 'hello');
  send(socket, { type: 'welcome', version: 1, epoch: 1, serverVersion: 'raw' });
  await agent.ready;
  return socket;
}

const query = { type: 'query', statement: 'SELECT 1', limits: LIMITS };
const column = (name: string) => ({ name, type: 'int4', kind: 'integer' }) as const;

test('credit without bound makes it send no more than a window at a time', async () => {
  let handed = 0;
  const held = Promise.withResolvers<void>();
  const socket = await linked(async ({ signal }, sink) => {
    sink.columns([column('n')]);
    for (;;) {
      handed += 1;
      const wait = sink.chunk(Buffer.alloc(CHUNK_BYTES, '\n'));
      if (wait !== undefined) held.resolve();
      await (wait ?? new Promise(setImmediate));
      signal.throwIfAborted();
    }
  });
  send(socket, { ...query, id: 1 });
  await held.promise;
  socket.pause(); // grants everything and reads nothing
  send(socket, { type: 'credit', id: 1, chunks: Number.MAX_SAFE_INTEGER });
  await expect.poll(() => handed).toBe(2 * CREDIT_CHUNKS);
  const pong = nextMessage(socket, 'pong');
  send(socket, { type: 'ping', sent: 7 });
  socket.resume();
  await pong;
  expect(handed).toBe(2 * CREDIT_CHUNKS);
});

test('a second query of the same number ends the link, and both statements', async () => {
  const signals: AbortSignal[] = [];
  const socket = await linked(async ({ signal }) => {
    signals.push(signal);
    return await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  send(socket, { ...query, id: 1 });
  send(socket, { ...query, id: 1 });
  await closed;
  await expect.poll(() => signals.map((signal) => signal.aborted)).toEqual([true]);
});

test('what no message can hold fails its query and leaves the link to the others', async () => {
  const socket = await linked(async (_, sink) => {
    sink.columns([column('x'.repeat(2 * MIB))]);
    return { rows: 0, truncated: false };
  });
  send(socket, { ...query, id: 1 });
  expect((await nextMessage(socket, 'failed')).error).toMatchObject({ code: 'RESULT_TOO_LARGE' });
  send(socket, { type: 'ping', sent: 7 });
  await nextMessage(socket, 'pong');
});

test('an error that quotes megabytes is cut', async () => {
  const socket = await linked(async () => {
    throw new CustardError('QUERY_FAILED', `invalid input: ${'x'.repeat(2 * MIB)}`);
  });
  send(socket, { ...query, id: 1 });
  const { error } = await nextMessage(socket, 'failed');
  expect(error).toMatchObject({ code: 'QUERY_FAILED', message: expect.stringMatching(/^invalid input: x+…$/) });
  expect(JSON.stringify(error).length).toBeLessThan(MAX_ERROR_CHARACTERS + KIB);
});

test('requests without end from somebody who reads no answers end the link', async () => {
  const socket = await linked(async () => ({ rows: 0, truncated: false }));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.pause();
  const text = JSON.stringify({ type: 'values', id: 1, texts: Array.from({ length: 200 }, () => 'x'.repeat(200)) });
  let id = 1;
  const flood = setInterval(() => {
    for (let n = 0; n < 20; n++) socket.send(text.replace('"id":1', `"id":${id++}`));
  }, 1);
  await closed.finally(() => clearInterval(flood));
});
