import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { collect } from '../testing/collect.ts';
import { connectTo } from '../testing/postgres-engine.ts';
import { until } from '../testing/until.ts';

const CANCEL_REQUEST_BYTES = 16;
/** Longer than an aborted statement waits before it cuts the connection. */
const LOSING_MS = 1_500;

it('a cancel request that is lost until the connection is cut is made again', async () => {
  const settings = parseDatabaseUrl(postgresUrl());
  if (settings.dialect !== 'postgres') throw new Error('No PostgreSQL URL.');
  // Keeps the connection to the server when its client is gone, as a server before 14 would not notice it.
  const since = performance.now();
  const firstCancel = { at: 0 };
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', (first: Buffer) => {
      const isCancel = first.length === CANCEL_REQUEST_BYTES;
      if (isCancel && firstCancel.at === 0) firstCancel.at = performance.now() - since;
      if (isCancel && performance.now() - since - firstCancel.at < LOSING_MS) {
        client.end();
        return;
      }
      const upstream = connect(settings.port, settings.host);
      upstream.on('error', () => undefined);
      upstream.write(first);
      client.on('data', (chunk) => upstream.write(chunk));
      upstream.on('data', (chunk) => client.write(chunk));
      upstream.on('close', () => client.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const admin = await connectTo(postgresUrl());
  const statement = 'SELECT count(*) FROM generate_series(1, 1000000000000) late_cancel WHERE late_cancel < 0';
  const running = async () => {
    const query = "SELECT FROM pg_stat_activity WHERE query = $1 AND state = 'active'";
    return (await admin.query(query, [statement])).rowCount ?? 0;
  };
  const port = (server.address() as AddressInfo).port;
  const connector = await openConnector({ ...settings, host: '127.0.0.1', port });
  try {
    const abort = new AbortController();
    const outcome = expect(collect(connector, statement, { signal: abort.signal })).rejects.toMatchObject({
      code: 'QUERY_CANCELED',
    });
    await until(async () => (await running()) > 0, 5_000);
    abort.abort();
    await outcome;
    expect(await running()).toBe(1);
    await until(async () => (await running()) === 0, 20_000);
  } finally {
    await connector.close();
    await admin.end();
    server.close();
  }
});
