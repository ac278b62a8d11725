import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RowSink, RunEnd, RunOptions } from '#agent/connectors/connector.ts';
import { settleConcurrency } from '#agent/limits/concurrency.ts';
import { lowerLimits } from '#agent/limits/lower-limits.ts';
import type { RunningAgent } from '#agent/main.ts';
import { CustardError } from '#core/errors.ts';
import { parsePolicy } from '#core/policy/parse-policy.ts';
import {
  CHUNK_BYTES,
  CREDIT_CHUNKS,
  HARD_MAX_RESULT_BYTES,
  HARD_MAX_ROWS,
  KIB,
  MAX_ERROR_CHARACTERS,
  MAX_TIMEOUT_MS,
  MIB,
} from '#core/protocol/limits.ts';
import type { QueryLimits } from '#core/protocol/messages.ts';
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
async function linked(
  script: (options: RunOptions, sink: RowSink) => Promise<RunEnd>,
  options: Parameters<typeof openAgent>[2] = {},
): Promise<WebSocket> {
  const dialled = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  agent = await openAgent({ port: (server.address() as AddressInfo).port }, scriptedConnector(script), options);
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

test("whatever it asks for, the policy's ceilings hold", async () => {
  const policy = parsePolicy(
    'version: 1\nlimits: { rows: 10, bytes: 1 KiB, time: 2s, statements: 2, waiting: 1, wait: 1h, sessions: 3 }',
    'policy.yaml',
  );
  const seen: QueryLimits[] = [];
  let running = 0;
  let most = 0;
  const go = Promise.withResolvers<void>();
  const concurrency = settleConcurrency('postgres', { statements: 50, waiting: 300, sessions: 60 }, policy.limits);
  const socket = await linked(
    async ({ limits }, sink) => {
      seen.push(limits);
      most = Math.max(most, ++running);
      await go.promise;
      sink.columns([column('n')]);
      running--;
      return { rows: 0, truncated: false };
    },
    { policy, concurrency, caps: lowerLimits(LIMITS, policy.limits) },
  );
  expect(concurrency).toEqual({ statements: 2, waiting: 1, waitMs: 30_000, sessions: 3, lookUps: 1 });
  const limits = { rows: HARD_MAX_ROWS, bytes: HARD_MAX_RESULT_BYTES, timeoutMs: MAX_TIMEOUT_MS };
  const ended: { type: string; id: number; code?: string }[] = [];
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? {} : JSON.parse(String(data));
    if (message.type === 'end' || message.type === 'failed') ended.push({ ...message, code: message.error?.code });
  });
  for (let id = 1; id <= 5; id++) send(socket, { ...query, id, limits });
  await expect
    .poll(() => ended.map(({ id, code }) => [id, code]))
    .toEqual([
      [4, 'AGENT_BUSY'],
      [5, 'AGENT_BUSY'],
    ]);
  // Look-ups stand behind no statement.
  send(socket, { type: 'values', id: 6, texts: ['x'] });
  await nextMessage(socket, 'values_found');
  go.resolve();
  await expect.poll(() => ended.filter(({ type }) => type === 'end').map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(most).toBe(2);
  expect(seen.every((one) => one.rows === 10 && one.bytes === 1024 && one.timeoutMs <= 2_000)).toBe(true);
});

test('a statement that waits leaves the queue when it is canceled, and its time counts while it waits', async () => {
  const go = Promise.withResolvers<void>();
  const run: string[] = [];
  const socket = await linked(
    async ({ statement, signal }) => {
      run.push(statement);
      if (statement === 'SELECT 1') await Promise.race([go.promise, aborted(signal)]);
      return { rows: 0, truncated: false };
    },
    { concurrency: settleConcurrency('postgres', { statements: 1, waiting: 1 }) },
  );
  send(socket, { ...query, id: 1 });
  send(socket, { ...query, id: 2, statement: 'SELECT 2' });
  const canceled = nextMessage(socket, 'failed');
  send(socket, { type: 'cancel', id: 2 });
  expect(await canceled).toMatchObject({ id: 2, error: { code: 'QUERY_CANCELED' } });
  const late = nextMessage(socket, 'failed');
  send(socket, { ...query, id: 3, statement: 'SELECT 3', limits: { ...LIMITS, timeoutMs: 50 } });
  expect(await late).toMatchObject({
    id: 3,
    error: { code: 'AGENT_BUSY', message: expect.stringContaining('0.05 s') },
  });
  const next = nextMessage(socket, 'end');
  send(socket, { ...query, id: 4, statement: 'SELECT 4' });
  go.resolve();
  await next;
  await expect.poll(() => run).toEqual(['SELECT 1', 'SELECT 4']);
});

test('an agent that is stopping finishes what it has and takes nothing new', async () => {
  const go = Promise.withResolvers<void>();
  const socket = await linked(async () => {
    await go.promise;
    return { rows: 0, truncated: false };
  });
  send(socket, { ...query, id: 1 });
  await nextMessage(socket, 'accepted');
  const draining = nextMessage(socket, 'draining');
  const stopped = agent.stop();
  await draining;
  send(socket, { ...query, id: 2 });
  expect(await nextMessage(socket, 'failed')).toMatchObject({ id: 2, error: { code: 'AGENT_OFFLINE' } });
  const end = nextMessage(socket, 'end');
  go.resolve();
  expect(await end).toMatchObject({ id: 1 });
  await stopped;
});

test('one that does not say that it understands health is told nothing of it', async () => {
  const socket = await linked(async () => ({ rows: 0, truncated: false }));
  const types: string[] = [];
  socket.on('message', (data) => types.push(JSON.parse(String(data)).type));
  send(socket, { ...query, id: 1 });
  send(socket, { type: 'ping', sent: 7 });
  await expect.poll(() => new Set(types)).toEqual(new Set(['accepted', 'end', 'pong']));
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
