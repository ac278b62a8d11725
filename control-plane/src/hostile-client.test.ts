import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import WebSocket from 'ws';
import { createAgentGateway } from './agent-gateway.ts';
import { ENGINES, metadataDatabase, readBody, startTestServer } from './test-support/test-server.ts';

/** Clients that ask in ways nobody should. */

it('answers over HTTP/1.1 who offers HTTP/2', async () => {
  await using metadata = await metadataDatabase('sqlite');
  await using server = await startTestServer(metadata.url, { createGateway: createAgentGateway });
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${server.server.url}/health`, { headers }).once('response', resolve).once('error', reject).end();
  });
  expect(response.statusCode).toBe(200);
  expect(JSON.parse(await text(response))).toMatchObject({ status: 'ok' });
});

it.each(ENGINES)('finds nothing under a name that no database can hold, on %s', async (engine) => {
  await using metadata = await metadataDatabase(engine);
  await using server = await startTestServer(metadata.url);
  expect((await server.query({ connection_id: 'a\0b', sql: 'SELECT 1' })).status).toBe(404);
  expect((await server.request('GET', '/api/v1/connections/%00')).status).toBe(404);
});

it('closes at once though an agent has dialled and says nothing', async () => {
  await using metadata = await metadataDatabase('sqlite');
  const server = await startTestServer(metadata.url, { createGateway: createAgentGateway });
  const created = await readBody(
    await server.request('POST', '/api/v1/connections', { name: 'shop', db_type: 'SQLITE' }),
  );
  const url = `${server.server.url.replace('http', 'ws')}/api/v1/connections/ws/${String(created['agent_id'])}`;
  const socket = new WebSocket(url, 'custard.v1', {
    headers: { authorization: `Bearer ${String(created['api_key'])}` },
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const started = performance.now();
  await server.server.close();
  expect(performance.now() - started).toBeLessThan(2_000);
});
