import { afterEach, expect, test } from 'vitest';
import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { openConnector } from '#agent/connectors/registry.ts';
import { startProxy, type Proxy as TcpProxy } from '#agent/connectors/testing/proxy.ts';
import type { LinkEvent } from '#agent/link/link-event.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { CONNECTION, openAgent, openHub, run } from './support/link-bench.ts';
import { HELLO, rawAgent, send } from './support/raw-agent.ts';
import { Stack } from './support/stack.ts';

/** A database that goes and comes back, in front of a real PostgreSQL. */

const real = new URL(postgresUrl());
const target = { host: real.hostname, port: Number(real.port || 5432) };
let proxy: TcpProxy;
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
  proxy.close();
});

function through({ port }: TcpProxy): string {
  const url = new URL(real);
  url.host = `localhost:${port}`;
  return url.href;
}

test('an agent notices by itself that its database is gone, and that it is back, and keeps its link', async () => {
  proxy = await startProxy({ target });
  const hub = await openHub();
  cleanUp.push(() => hub.close());
  const events: LinkEvent['state'][] = [];
  const agent = await openAgent(hub, await openConnector(parseDatabaseUrl(through(proxy))), {
    onEvent: ({ state }) => events.push(state),
  });
  cleanUp.push(() => agent.stop());
  await agent.ready;
  const info = () => hub.sessions.session(CONNECTION);
  await expect.poll(() => info()?.health).toMatchObject({ error: null, running: 0, waiting: 0 });
  const connectedAt = info()?.connectedAt;
  proxy.close();
  await expect.poll(() => info()?.health?.error?.code, { timeout: 10_000 }).toBe('DATABASE_UNREACHABLE');
  await expect(run(hub)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  proxy = await startProxy({ target, port: proxy.port });
  await expect.poll(() => info()?.health?.error, { timeout: 20_000 }).toBeNull();
  expect(info()?.connectedAt).toEqual(connectedAt);
  expect(events.filter((state) => state.startsWith('database'))).toEqual(['database-down', 'database-up']);
});

test('statements go to the agent that reaches its database', async () => {
  proxy = await startProxy({ target });
  const hub = await openHub();
  cleanUp.push(() => hub.close());
  const broken = await rawAgent(hub);
  const error = { code: 'DATABASE_UNREACHABLE', message: 'gone' };
  const health = { database: { state: 'unreachable', error, forMs: 32_000 }, running: 0, waiting: 0 };
  send(broken, { type: 'health', health });
  await expect.poll(() => hub.sessions.session(CONNECTION)?.health?.error).toMatchObject(error);
  const since = hub.sessions.session(CONNECTION)?.health?.since.getTime() ?? 0;
  expect(Date.now() - since).toBeGreaterThanOrEqual(32_000);
  const agent = await openAgent(hub, await openConnector(parseDatabaseUrl(through(proxy))));
  cleanUp.push(() => agent.stop());
  await agent.ready;
  expect(hub.sessions.session(CONNECTION)).toMatchObject({ agents: 2, agentVersion: 'test' });
  for (let n = 0; n < 3; n++) await Array.fromAsync((await run(hub)).chunks);
});

test('an agent of before says nothing of its health, and is served all the same', async () => {
  proxy = await startProxy({ target });
  const hub = await openHub();
  cleanUp.push(() => hub.close());
  await rawAgent(hub, { ...HELLO, capabilities: [] });
  expect(hub.sessions.session(CONNECTION)).toMatchObject({ health: null, agents: 1 });
});

test('the status of a connection says so in words, and comes back after the server was gone', async () => {
  proxy = await startProxy({ target });
  await using stack = await Stack.start({ databaseUrl: through(proxy) });
  const watch = stack.start(['connections', 'status', 'shop', '--watch', '-o', 'text']);
  const json = stack.start(['connections', 'status', '--watch']);
  await watch.until('the status', (output) => /● shop: connected/.exec(output));
  proxy.close();
  const { code } = await stack.custard(['sql', 'SELECT 1']);
  expect(code).toBe(3);
  await watch.until('the trouble', (output) =>
    /✗ shop: connected, database unreachable.*\(connection refused\)/.exec(output),
  );
  await json.until('the trouble', (output) => /"status":"ERROR".*DATABASE_UNREACHABLE/.exec(output));
  await stack.until(({ status, last_error }) => status === 'ERROR' && /^DATABASE_UNREACHABLE: /.test(last_error ?? ''));
  proxy = await startProxy({ target, port: proxy.port });
  await watch.until('the end of it', (output) => /● shop: connected, database reachable again after/.exec(output));
  await stack.until(({ status, last_error }) => status === 'CONNECTED' && last_error === null);
  expect((await stack.custard(['sql', 'SELECT 1'])).code).toBe(0);
  await stack.server.stop();
  await watch.until('the loss', (output) => /warning: .*Trying again in/.exec(output));
  await stack.startControlPlane();
  const once = await stack.custard(['connections', 'status', 'nope']);
  expect(once).toMatchObject({ code: 6, stdout: '' });
  await stack.until(({ status }) => status === 'CONNECTED');
  await watch.stop();
  await json.stop();
});
