import { afterEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { ExplainOptions, RowSink, RunEnd, RunOptions } from '#agent/connectors/connector.ts';
import { settleConcurrency } from '#agent/limits/concurrency.ts';
import type { RunningAgent } from '#agent/main.ts';
import { CustardError } from '#core/errors.ts';
import { CHUNK_BYTES, CREDIT_CHUNKS } from '#core/protocol/limits.ts';
import type { Column } from '#core/values.ts';
import { CONNECTION, type Hub, KEY, openAgent, openHub, run } from './support/link-bench.ts';
import { dial, HELLO, nextMessage, rawAgent, send } from './support/raw-agent.ts';
import { rowLine, scriptedConnector } from './support/scripted-connector.ts';

const COLUMNS: Column[] = [{ name: 'n', type: 'int4', kind: 'integer' }];

const open: { hub?: Hub; agent?: RunningAgent } = {};
afterEach(async () => {
  await open.agent?.stop();
  await open.hub?.close();
  delete open.agent;
  delete open.hub;
});

async function linked(script: (options: RunOptions, sink: RowSink) => Promise<RunEnd>): Promise<Hub> {
  const hub = await openHub();
  open.hub = hub;
  open.agent = await openAgent(hub, scriptedConnector(script));
  await open.agent.ready;
  return hub;
}

async function text(chunks: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(chunks)).toString();
}

const three = async (_: RunOptions, sink: RowSink): Promise<RunEnd> => {
  sink.columns(COLUMNS);
  for (const n of [1, 2, 3]) await sink.chunk(rowLine(n));
  return { rows: 3, truncated: false };
};

interface Seen {
  chunks: number;
  signal?: AbortSignal;
  /** Resolves when the sink first asks to wait. */
  readonly held: PromiseWithResolvers<void>;
  readonly ended: PromiseWithResolvers<void>;
}

function nothingSeen(): Seen {
  return { chunks: 0, held: Promise.withResolvers(), ended: Promise.withResolvers() };
}

/** Rows without end, until whoever reads them goes. */
function endless(seen: Seen) {
  return async ({ signal }: RunOptions, sink: RowSink): Promise<RunEnd> => {
    seen.signal = signal;
    sink.columns(COLUMNS);
    try {
      for (;;) {
        seen.chunks += 1;
        const wait = sink.chunk(Buffer.alloc(CHUNK_BYTES, '\n'));
        if (wait !== undefined) seen.held.resolve();
        await (wait ?? new Promise(setImmediate));
        signal.throwIfAborted();
      }
    } finally {
      seen.ended.resolve();
    }
  };
}

test('rows arrive as the very bytes the connector made, with their count and sum', async () => {
  const hub = await linked(three);
  const result = await run(hub);
  expect(result.columns).toEqual(COLUMNS);
  expect(await text(result.chunks)).toBe(Buffer.concat([rowLine(1), rowLine(2), rowLine(3)]).toString());
  expect(result.end()).toMatchObject({ rows: 3, bytes: rowLine(1).length * 3, truncated: false });
});

test('a plan is asked of agents that have the word for it, and of no other', async () => {
  const hub = await openHub();
  open.hub = hub;
  const asked = {
    connectionId: CONNECTION,
    statement: 'SELECT 1',
    timeoutMs: 20_000,
    signal: new AbortController().signal,
  };
  const explain = (statement = asked.statement) => hub.sessions.explain({ ...asked, statement });
  await expect(explain()).rejects.toMatchObject({ code: 'AGENT_OFFLINE' });
  const old = await rawAgent(hub);
  expect(await explain()).toBeNull();
  const given: ExplainOptions[] = [];
  const explanation = { rows: 3, cost: null, scans: [], omitted: 0 };
  const connector = {
    ...scriptedConnector(three),
    explain: async (options: ExplainOptions) => {
      given.push(options);
      return explanation;
    },
  };
  open.agent = await openAgent(hub, connector, { caps: { rows: 1, bytes: 1, timeoutMs: 700 } });
  await open.agent.ready;
  expect(await explain()).toEqual(explanation);
  // Of the time, what went by since the message came is gone.
  expect(given).toMatchObject([{ statement: 'SELECT 1', timeoutMs: expect.toSatisfy((ms) => ms > 350 && ms <= 700) }]);
  await expect(explain('DELETE FROM t')).rejects.toMatchObject({ code: 'NOT_READ_ONLY' });
  expect(given).toHaveLength(1);
  old.terminate();
});

test('plans take turns with the other look-ups, end in their time and when nobody wants them, and begin no more at the end', async () => {
  const hub = await openHub();
  open.hub = hub;
  const held: PromiseWithResolvers<void>[] = [];
  const signals: AbortSignal[] = [];
  const explanation = { rows: 1, cost: null, scans: [], omitted: 0 };
  const connector = {
    ...scriptedConnector(three),
    explain: async ({ signal }: ExplainOptions) => {
      const hold = Promise.withResolvers<void>();
      held.push(hold);
      signals.push(signal);
      signal.addEventListener('abort', () => hold.reject(signal.reason));
      await hold.promise;
      return explanation;
    },
  };
  const concurrency = settleConcurrency('postgres', { statements: 1, sessions: 2 });
  open.agent = await openAgent(hub, connector, { concurrency });
  await open.agent.ready;
  const never = new AbortController().signal;
  const explain = (timeoutMs = 20_000, signal = never) =>
    hub.sessions.explain({ connectionId: CONNECTION, statement: 'SELECT 1', timeoutMs, signal });
  const first = explain();
  await expect.poll(() => held.length).toBe(1);
  await expect(explain(200)).rejects.toMatchObject({ code: 'AGENT_BUSY', message: expect.stringContaining('look-up') });
  const abort = new AbortController();
  const left = expect(explain(20_000, abort.signal)).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
  abort.abort();
  await left;
  // Statements do not stand behind plans; and whatever was sent before this one has arrived by its end.
  expect(await text((await run(hub)).chunks)).not.toBe('');
  const second = explain();
  held[0]?.resolve();
  expect(await first).toEqual(explanation);
  await expect.poll(() => held.length).toBe(2);
  held[1]?.resolve();
  expect(await second).toEqual(explanation);
  await expect(explain(300)).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
  const gone = new AbortController();
  const unwanted = expect(explain(20_000, gone.signal)).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
  await expect.poll(() => held.length).toBe(4);
  gone.abort();
  await unwanted;
  await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([false, false, true, true]);
  const last = explain();
  await expect.poll(() => held.length).toBe(5);
  const stopped = open.agent.stop();
  await expect.poll(() => hub.sessions.session(CONNECTION)).toBeNull();
  await expect(explain()).rejects.toMatchObject({ code: 'AGENT_OFFLINE' });
  held[4]?.resolve();
  expect(await last).toEqual(explanation);
  await stopped;
});

test('what a query asks for is lowered to the caps of the agent, never raised', async () => {
  const asked: RunOptions[] = [];
  const hub = await openHub();
  open.hub = hub;
  const connector = scriptedConnector(async (options, sink) => {
    asked.push(options);
    return await three(options, sink);
  });
  open.agent = await openAgent(hub, connector, { caps: { rows: 10, bytes: 1000, timeoutMs: 500 } });
  await open.agent.ready;
  await text((await run(hub)).chunks);
  await text((await run(hub, 'SELECT 1', { rows: 3, bytes: 500, timeoutMs: 100 })).chunks);
  const lowered = asked.map(({ limits: { timeoutMs, ...limits } }) => ({
    ...limits,
    seconds: Math.ceil(timeoutMs / 100) / 10,
  }));
  expect(lowered).toEqual([
    { rows: 10, bytes: 1000, seconds: 0.5 },
    { rows: 3, bytes: 500, seconds: 0.1 },
  ]);
});

test('the agent sends no more than its credit while nobody reads, and goes on when someone does', async () => {
  const seen = nothingSeen();
  const hub = await linked(endless(seen));
  const result = await run(hub);
  await seen.held.promise;
  // A round trip on the same socket: whatever was sent before it has arrived by now.
  await hub.sessions.findValues({ connectionId: CONNECTION, texts: ['x'], signal: AbortSignal.timeout(5_000) });
  expect(seen.chunks).toBe(CREDIT_CHUNKS);
  let taken = 0;
  for await (const chunk of result.chunks) {
    expect(chunk.length).toBe(CHUNK_BYTES);
    taken += 1;
    if (taken === CREDIT_CHUNKS * 3) break;
  }
  await seen.ended.promise;
  expect(seen.chunks).toBeLessThanOrEqual(CREDIT_CHUNKS * 4);
  expect(seen.signal?.aborted).toBe(true);
});

test('a row that was cut off by an error is not passed on', async () => {
  const hub = await linked(async (_, sink) => {
    sink.columns(COLUMNS);
    const line = rowLine(12345);
    await sink.chunk(Buffer.concat([rowLine(1), line.subarray(0, 8)]));
    await sink.chunk(Buffer.concat([line.subarray(8), line.subarray(0, 4)]));
    throw new CustardError('DATABASE_UNREACHABLE', 'gone');
  });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const chunk of (await run(hub)).chunks) seen.push(chunk.toString());
  })();
  await expect(reading).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  expect(seen).toEqual([rowLine(1).toString(), rowLine(12345).toString()]);
});

test('aborting reaches the connector and ends the stream as cancelled', async () => {
  const seen = nothingSeen();
  const hub = await linked(endless(seen));
  const abort = new AbortController();
  const result = await run(hub, 'SELECT 1', {}, abort.signal);
  abort.abort();
  await expect(text(result.chunks)).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
  await seen.ended.promise;
});

test('a statement that outlives its time is stopped by the agent even when its engine does not', async () => {
  const seen = nothingSeen();
  const hub = await linked(endless(seen));
  const result = await run(hub, 'SELECT 1', { timeoutMs: 50 });
  await expect(text(result.chunks)).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
  await seen.ended.promise;
});

test('a result over the limit of bytes fails', async () => {
  const seen = nothingSeen();
  const hub = await linked(endless(seen));
  const result = await run(hub, 'SELECT 1', { bytes: CHUNK_BYTES * 3 });
  await expect(text(result.chunks)).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
});

test('the agent guards by itself: a write never reaches its connector', async () => {
  const statements: string[] = [];
  const hub = await linked(async (options, sink) => {
    statements.push(options.statement);
    return await three(options, sink);
  });
  await expect(run(hub, 'DELETE FROM t')).rejects.toMatchObject({ code: 'NOT_READ_ONLY' });
  expect(statements).toEqual([]);
});

test('an agent that dies in the middle ends its queries as lost, and the next question says it is offline', async () => {
  const hub = await openHub();
  open.hub = hub;
  const socket = await rawAgent(hub);
  const pending = run(hub);
  await nextMessage(socket, 'query');
  socket.terminate();
  await expect(pending).rejects.toMatchObject({ code: 'AGENT_LOST' });
  await expect(run(hub)).rejects.toMatchObject({ code: 'AGENT_OFFLINE' });
});

test('a wrong key is final and says what to check', async () => {
  const hub = await openHub();
  open.hub = hub;
  const agent = await openAgent(hub, scriptedConnector(three), { key: `custard_${'x'.repeat(36)}` });
  await expect(agent.ended).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    hint: expect.stringContaining('CUSTARD_API_KEY'),
  });
});

test('an agent comes back by itself after the control plane restarted', async () => {
  const hub = await linked(three);
  await hub.close();
  const again = await openHub({ port: hub.port });
  open.hub = again;
  await again.connected();
  const result = await run(again);
  expect(await text(result.chunks)).toContain('"row":[3]');
});

test('a deleted connection ends its agent for good', async () => {
  const hub = await linked(three);
  const ended = open.agent?.ended;
  hub.sessions.disconnect(CONNECTION);
  await expect(ended).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('draining lets a running query finish and takes no new one', async () => {
  const go = Promise.withResolvers<void>();
  const hub = await linked(async (options, sink) => {
    sink.columns(COLUMNS);
    await go.promise;
    await sink.chunk(rowLine(7));
    options.signal.throwIfAborted();
    return { rows: 1, truncated: false };
  });
  const result = await run(hub);
  const stopped = open.agent?.stop();
  await hub.sessions
    .findValues({ connectionId: CONNECTION, texts: [], signal: AbortSignal.timeout(5_000) })
    .catch(() => undefined);
  await expect(run(hub)).rejects.toMatchObject({ code: 'AGENT_OFFLINE' });
  go.resolve();
  expect(await text(result.chunks)).toContain('"row":[7]');
  await stopped;
});

test('a short result is an error, not a shorter answer', async () => {
  const hub = await openHub();
  open.hub = hub;
  const socket = await rawAgent(hub);
  const pending = run(hub);
  const { id } = await nextMessage(socket, 'query');
  send(socket, { type: 'accepted', id });
  send(socket, { type: 'columns', id, columns: COLUMNS });
  send(socket, { type: 'end', id, rows: 1, bytes: 30, crc32: 1, truncated: false, elapsedMs: 1 });
  const result = await pending;
  await expect(text(result.chunks)).rejects.toMatchObject({ code: 'RESULT_INCOMPLETE' });
});

test('frames out of order close the link', async () => {
  const hub = await openHub();
  open.hub = hub;
  const socket = await rawAgent(hub);
  const pending = run(hub);
  const { id } = await nextMessage(socket, 'query');
  send(socket, { type: 'accepted', id });
  send(socket, { type: 'columns', id, columns: COLUMNS });
  const frame = Buffer.alloc(9);
  frame.writeUInt32BE(id, 0);
  frame.writeUInt32BE(5, 4);
  socket.send(frame);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await expect(text((await pending).chunks)).rejects.toMatchObject({ code: 'AGENT_LOST' });
  expect(await closed).toBe(1008);
});

test('an agent of another version, database or connection is refused by name', async () => {
  const hub = await openHub();
  open.hub = hub;
  const cases = [
    [{ versions: { min: 9, max: 9 } }, 'VERSION_UNSUPPORTED'],
    [{ dialect: 'sqlite' }, 'CONFIG_INVALID'],
    [{ connectionId: 'another' }, 'CONFIG_INVALID'],
    [{ type: 'pong' }, 'PROTOCOL_ERROR'],
  ] as const;
  for (const [change, code] of cases) {
    const socket = await dial(hub);
    send(socket, { ...HELLO, ...change });
    expect((await nextMessage(socket, 'error')).error).toMatchObject({ code });
  }
});

test('a key in the URL, or none at all, is not an authentication', async () => {
  const hub = await openHub();
  open.hub = hub;
  const url = `ws://127.0.0.1:${hub.port}/api/v1/connections/ws/agent-1`;
  for (const target of [url, `${url}?key=${KEY}`]) {
    const socket = new WebSocket(target, 'custard.v1');
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toMatch(/40[14]/);
  }
});
