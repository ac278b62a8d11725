import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type WebSocket from 'ws';
import { ROW_PREFIX, writeFrameHeader } from '#core/protocol/frames.ts';
import {
  CHUNK_BYTES,
  CREDIT_CHUNKS,
  KIB,
  MAX_AGENTS_PER_CONNECTION,
  MAX_STREAMS_PER_AGENT,
  MIB,
} from '#core/protocol/limits.ts';
import { CONNECTION, type Hub, openHub, run } from './support/link-bench.ts';
import { dial, HELLO, nextMessage, rawAgent, send } from './support/raw-agent.ts';

/** An agent is the customer's own: whatever it sends, it must not cost others their memory or their time. */

let hub: Hub;
beforeEach(async () => {
  hub = await openHub();
});
afterEach(async () => {
  await hub.close();
});

const COLUMNS = [{ name: 'n', type: 'int4', kind: 'integer' }];
const soon = (): AbortSignal => AbortSignal.timeout(20_000);

function frame(stream: number, sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  writeFrameHeader(header, stream, sequence);
  return Buffer.concat([header, payload]);
}

/** A query of which nothing but the columns is there. */
async function begun(socket: WebSocket, limits: { rows?: number; bytes?: number } = {}) {
  const pending = run(hub, 'SELECT 1', limits);
  const { id } = await nextMessage(socket, 'query');
  send(socket, { type: 'accepted', id });
  send(socket, { type: 'columns', id, columns: COLUMNS });
  return { id, result: await pending };
}

const closed = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', resolve));

describe('rows', () => {
  test('more bytes than the query may return end the link, however fast they are read', async () => {
    const socket = await rawAgent(hub);
    const { id, result } = await begun(socket, { bytes: 3 * CHUNK_BYTES });
    const end = closed(socket);
    for (let n = 0; n < 4; n++) socket.send(frame(id, n, Buffer.alloc(CHUNK_BYTES, '\n')));
    await expect(Array.fromAsync(result.chunks)).rejects.toMatchObject({ code: 'AGENT_LOST' });
    expect(await end).toBe(1008);
  });

  test('more chunks than were granted end the link, even when the result was given up', async () => {
    const socket = await rawAgent(hub);
    const { id, result } = await begun(socket);
    const end = closed(socket);
    await result.chunks[Symbol.asyncIterator]().return?.();
    for (let n = 0; n <= CREDIT_CHUNKS; n++) socket.send(frame(id, n, Buffer.from('\n')));
    expect(await end).toBe(1008);
  });

  test('a chunk larger than any may be ends the link', async () => {
    const socket = await rawAgent(hub);
    const { id } = await begun(socket);
    const end = closed(socket);
    socket.send(frame(id, 0, Buffer.alloc(CHUNK_BYTES + 1, '\n')));
    expect(await end).toBe(1008);
  });

  test('columns that change under the rows end the link', async () => {
    const socket = await rawAgent(hub);
    const { id } = await begun(socket);
    const end = closed(socket);
    send(socket, { type: 'columns', id, columns: [] });
    expect(await end).toBe(1008);
  });

  test('a count of more rows than were asked for is not believed', async () => {
    const socket = await rawAgent(hub);
    const { id, result } = await begun(socket, { rows: 5 });
    const none = { bytes: 0, crc32: 0, truncated: false, elapsedMs: 1 };
    send(socket, { type: 'end', id, rows: Number.MAX_SAFE_INTEGER, ...none });
    await expect(Array.fromAsync(result.chunks)).rejects.toMatchObject({ code: 'RESULT_INCOMPLETE' });
  });

  test('a row that comes byte by byte is put together', async () => {
    const socket = await rawAgent(hub);
    const { id, result } = await begun(socket);
    const chunks = result.chunks[Symbol.asyncIterator]();
    const line = Buffer.from(`${ROW_PREFIX}1]}\n`);
    let granted = CREDIT_CHUNKS;
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'credit') granted += message.chunks;
      sendMore();
    });
    let sent = 0;
    function sendMore(): void {
      for (; sent < line.length && sent < granted; sent++) socket.send(frame(id, sent, line.subarray(sent, sent + 1)));
    }
    sendMore();
    expect((await chunks.next()).value?.toString()).toBe(line.toString());
    socket.terminate();
  });
});

describe('schemas and other answers', () => {
  const page = { version: 'x', defaultSchemas: [] };
  const table = (comment: string) => ({
    ...{ schema: null, name: 't', kind: 'table', comment, columns: [], primaryKey: [], foreignKeys: [] },
    ...{ uniqueKeys: [], rowEstimate: null, readable: true },
  });

  test('a schema without end is given up, and the agent is told', async () => {
    const socket = await rawAgent(hub);
    const described = hub.sessions.describe({ connectionId: CONNECTION, known: null, signal: soon() });
    const refused = expect(described).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
    const { id } = await nextMessage(socket, 'schema');
    const told = nextMessage(socket, 'cancel');
    const text = JSON.stringify({
      type: 'schema_page',
      id,
      ...page,
      tables: [table('x'.repeat(900 * KIB))],
      last: false,
    });
    for (let n = 0; n < 40; n++) socket.send(text);
    await refused;
    await told;
  });

  test('an error of megabytes is cut', async () => {
    const socket = await rawAgent(hub);
    const pending = run(hub);
    const { id } = await nextMessage(socket, 'query');
    const error = { code: 'QUERY_FAILED', message: 'x'.repeat(900 * KIB), details: { sql: 'x'.repeat(KIB) } };
    send(socket, { type: 'failed', id, error });
    const thrown: Error = await pending.then(
      () => new Error('it succeeded'),
      (reason) => reason,
    );
    expect(thrown).toMatchObject({ code: 'QUERY_FAILED', details: {} });
    expect(thrown.message.length).toBeLessThan(5 * KIB);
  });

  test('a flood of what nobody asked for ends the link', async () => {
    for (const flood of [{ type: 'pong', sent: 1 }, { type: 'accepted', id: 9 }, { type: 'draining' }]) {
      const socket = await rawAgent(hub);
      const end = closed(socket);
      const text = JSON.stringify(flood);
      for (let n = 0; n < 70_000; n++) socket.send(text);
      expect(await end).toBe(1008);
    }
  });

  test('a flood of what was said already ends the link', async () => {
    const socket = await rawAgent(hub);
    const end = closed(socket);
    const { id } = await begun(socket);
    const text = JSON.stringify({ type: 'accepted', id });
    for (let n = 0; n < 70_000; n++) socket.send(text);
    expect(await end).toBe(1008);
  });

  test('what was refused is over at once: no query goes there any more', async () => {
    const socket = await rawAgent(hub);
    const refused = nextMessage(socket, 'error');
    socket.send('{"type":"nonsense"}');
    await refused;
    await expect(run(hub)).rejects.toMatchObject({ code: 'AGENT_OFFLINE' });
  });
});

describe('sockets', () => {
  test('an agent that accepts without end and finishes nothing is busy', async () => {
    const socket = await rawAgent(hub);
    socket.on('message', (data) => {
      const { type, id } = JSON.parse(String(data));
      if (type === 'query') send(socket, { type: 'accepted', id });
    });
    const all = Array.from({ length: MAX_STREAMS_PER_AGENT }, () => run(hub).catch((error: unknown) => error));
    await expect(run(hub)).rejects.toMatchObject({ code: 'AGENT_BUSY' });
    socket.terminate();
    expect(await Promise.all(all)).toMatchObject(all.map(() => ({ code: 'AGENT_LOST' })));
  });

  test('one connection has only so many agents', async () => {
    for (let n = 0; n < MAX_AGENTS_PER_CONNECTION; n++) await rawAgent(hub, { instanceId: `raw-${n}` });
    const socket = await dial(hub);
    send(socket, { ...HELLO, instanceId: 'one more' });
    expect((await nextMessage(socket, 'error')).error).toMatchObject({ code: 'RATE_LIMITED' });
    await rawAgent(hub, { instanceId: 'raw-0' }); // the same process again takes its own place
  });

  test('a hello of a megabyte is refused', async () => {
    const socket = await dial(hub);
    send(socket, { ...HELLO, capabilities: ['x'.repeat(MIB / 2)] });
    expect((await nextMessage(socket, 'error')).error).toMatchObject({ code: 'PROTOCOL_ERROR' });
  });

  test('a connection that is deleted between its upgrade and its hello is not linked', async () => {
    const socket = await dial(hub);
    hub.sessions.disconnect(CONNECTION);
    send(socket, HELLO);
    expect((await nextMessage(socket, 'error')).error).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a query that was not accepted in time is cancelled, should the agent wake up', async () => {
    const socket = await rawAgent(hub);
    const pending = expect(run(hub)).rejects.toMatchObject({ code: 'AGENT_LOST' });
    const { id } = await nextMessage(socket, 'query');
    expect((await nextMessage(socket, 'cancel')).id).toBe(id);
    await pending;
  });

  test('a refused upgrade leaves no socket behind, though the other side never closes it', async () => {
    const socket = connect({ port: hub.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.write('GET /api/v1/connections/ws/%zz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
    socket.write('Authorization: Bearer x\r\nSec-WebSocket-Protocol: custard.v1\r\n\r\n');
    const answer: string[] = [];
    for await (const chunk of socket) answer.push(String(chunk));
    expect(answer.join('')).toMatch(/^HTTP\/1.1 401 /);
    await expect.poll(() => hub.connections()).toBe(0);
    socket.destroy();
  });
});
