import { on, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Connector } from '#agent/connectors/connector.ts';
import type { KnownSchema } from '#control-plane/gateway/incoming-schema.ts';
import { FromAgent, SUBPROTOCOL, type ToAgent } from '#core/protocol/messages.ts';
import type { SchemaTable } from '#core/schema.ts';
import { CONNECTION, type Hub, openAgent, openHub } from './support/link-bench.ts';
import { nextMessage, rawAgent, send } from './support/raw-agent.ts';
import { scriptedConnector } from './support/scripted-connector.ts';

const table = (name: string, change: Partial<SchemaTable> = {}): SchemaTable => ({
  ...{ schema: 'public', name, kind: 'table', comment: null, primaryKey: ['id'], foreignKeys: [], uniqueKeys: [] },
  ...{ rowEstimate: 10_000, readable: true },
  columns: Array.from({ length: 20 }, (_, i) => ({
    ...{ name: `column_${i}`, type: 'text', kind: 'text', nullable: true, comment: null },
  })),
  ...change,
});

/** A connector over tables that the test changes as it likes. */
function databaseOf(tables: Map<string, SchemaTable>): Connector {
  const page = () => ({ version: '15', defaultSchemas: ['public'], tables: [...tables.values()] });
  return {
    ...scriptedConnector(() => Promise.reject(new Error('not run'))),
    describe: async (_, onPage) => onPage(page()),
  };
}

async function linked(hub: Hub, connector: Connector): Promise<AsyncDisposable> {
  const agent = await openAgent(hub, connector);
  await agent.ready;
  return { [Symbol.asyncDispose]: () => agent.stop() };
}

const many = (count: number): Map<string, SchemaTable> =>
  new Map(Array.from({ length: count }, (_, i) => [`t${i}`, table(`t${i}`)]));

describe('over the link', () => {
  let hub: Hub;
  beforeEach(async () => {
    hub = await openHub();
  });
  afterEach(() => hub.close());
  const ask = (known: KnownSchema | null): Promise<KnownSchema> =>
    hub.sessions.describe({ connectionId: CONNECTION, known, signal: AbortSignal.timeout(10_000) });

  test('a schema that is as it was stays the very same object', async () => {
    await using _ = await linked(hub, databaseOf(many(300)));
    const first = await ask(null);
    expect(first.schema.tables).toHaveLength(300);
    expect(await ask(first)).toBe(first);
  });

  test('what was added, removed and changed is put into its place, and the rest stays the same objects', async () => {
    const tables = many(50);
    await using _ = await linked(hub, databaseOf(tables));
    const first = await ask(null);
    tables.delete('t7');
    tables.set('t10', table('t10', { comment: 'new' }));
    tables.set('a new one', table('a new one'));
    tables.set('t20', table('t20', { rowEstimate: 90_000 }));
    tables.set('t21', table('t21', { rowEstimate: 10_100 }));
    const second = await ask(first);
    const now = new Map(second.schema.tables.map((one) => [one.name, one]));
    expect([...now.keys()]).toEqual([...tables.keys()].toSorted());
    expect(now.get('t10')?.comment).toBe('new');
    expect([now.get('t20')?.rowEstimate, now.get('t21')?.rowEstimate]).toEqual([90_000, 10_000]);
    expect(now.get('t30')).toBe(first.schema.tables.find(({ name }) => name === 't30'));
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect((await ask(null)).fingerprint).toBe(second.fingerprint);
  });

  test('the fingerprint is the same whatever the order of tables and keys and the estimates', async () => {
    const keys = [['a'], ['b', 'c']];
    const tables = new Map([['x', table('x', { uniqueKeys: keys })], ...many(3)]);
    await using _ = await linked(hub, databaseOf(tables));
    const first = await ask(null);
    const reversed = [...tables].toReversed();
    tables.clear();
    for (const [name, one] of reversed)
      tables.set(name, { ...one, rowEstimate: 3, uniqueKeys: one.uniqueKeys.toReversed() });
    expect((await ask(null)).fingerprint).toBe(first.fingerprint);
  });

  test('an agent that was started anew tells all, and what is the same stays the same', async () => {
    const tables = many(20);
    const agent = await linked(hub, databaseOf(tables));
    const first = await ask(null);
    await agent[Symbol.asyncDispose]();
    await using _ = await linked(hub, databaseOf(tables));
    expect(await ask(first)).toBe(first);
  });

  test('an agent that knows nothing of changes is understood', async () => {
    const socket = await rawAgent(hub);
    const known = {
      schema: { dialect: 'postgres', version: '1', defaultSchemas: [], tables: [] },
      fingerprint: 'f',
    } as const;
    const asked = nextMessage(socket, 'schema');
    const answer = ask({ ...known, schema: { ...known.schema, defaultSchemas: [], tables: [table('old')] } });
    const { id } = await asked;
    send(socket, { type: 'schema_page', id, version: '1', defaultSchemas: [], tables: [table('t')], last: true });
    expect((await answer).schema.tables.map(({ name }) => name)).toEqual(['t']);
  });

  test('changes that do not add up are not believed: the agent is asked for all', async () => {
    const socket = await rawAgent(hub);
    const known = {
      schema: { dialect: 'postgres', version: '1', defaultSchemas: [], tables: [table('t')] },
      fingerprint: 'f',
    };
    const asked = nextMessage(socket, 'schema');
    const answer = ask({
      ...known,
      schema: { ...known.schema, dialect: 'postgres', defaultSchemas: [], tables: [table('t')] },
    });
    const page = { type: 'schema_page', version: '1', defaultSchemas: [], last: true };
    const { id } = await asked;
    const askedAgain = nextMessage(socket, 'schema');
    send(socket, { ...page, id, tables: [], base: 'f', removed: [['public', 't']], fingerprint: 'of something else' });
    const again = await askedAgain;
    expect(again).not.toHaveProperty('base');
    send(socket, { ...page, id: again.id, tables: [table('whole')] });
    expect((await answer).schema.tables.map(({ name }) => name)).toEqual(['whole']);
  });
});

/** A control plane whose every message is the test's own. */
async function openPlane(): Promise<AsyncDisposable & { readonly port: number; greet(): Promise<Refresh> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => SUBPROTOCOL });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async greet() {
      const [socket] = await once(server, 'connection');
      const messages = on(socket, 'message');
      await messages.next(); // its hello
      const tell = (message: ToAgent): void => socket.send(JSON.stringify(message));
      tell({ type: 'welcome', version: 1, epoch: 1, serverVersion: 'test', capabilities: [] });
      return (id, base) => {
        tell({ type: 'schema', id, ...(base === undefined ? {} : { base }) });
        return readPages(messages);
      };
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

type Refresh = (id: number, base?: string) => ReturnType<typeof readPages>;

async function readPages(messages: AsyncIterator<unknown[]>) {
  const told = { bytes: 0, names: [] as string[] };
  for (;;) {
    const { value } = await messages.next();
    const text = String(value[0]);
    const page = FromAgent.parse(JSON.parse(text));
    if (page.type !== 'schema_page') throw new Error(`A ${page.type} came.`);
    told.bytes += text.length;
    told.names.push(...page.tables.map(({ name }) => name));
    if (page.last) return { ...told, fingerprint: page.fingerprint };
  }
}

test('on the wire a refresh without a change is a few hundred bytes, and one changed table is that table', async () => {
  const tables = many(1_000);
  await using plane = await openPlane();
  const greeted = plane.greet();
  const agent = await openAgent(plane, databaseOf(tables));
  try {
    const refresh = await greeted;
    const whole = await refresh(1);
    const same = await refresh(2, whole.fingerprint);
    tables.set('t5', table('t5', { comment: 'new' }));
    const changed = await refresh(3, whole.fingerprint);
    expect([whole.names.length, whole.bytes > 1_000_000]).toEqual([1_000, true]);
    expect([same.names, same.bytes < 400, same.fingerprint]).toEqual([[], true, whole.fingerprint]);
    expect([changed.names, changed.bytes < 3_000]).toEqual([['t5'], true]);
  } finally {
    await agent.stop();
  }
});

test('a schema that is too large ends early, and says what to do', async () => {
  const hub = await openHub();
  const comment = 'c'.repeat(2 ** 20 / 2);
  await using _ = await linked(
    hub,
    databaseOf(new Map(Array.from({ length: 80 }, (_, i) => [`t${i}`, table(`t${i}`, { comment })]))),
  );
  const refused = hub.sessions.describe({ connectionId: CONNECTION, known: null, signal: AbortSignal.timeout(10_000) });
  await expect(refused).rejects.toMatchObject({
    code: 'RESULT_TOO_LARGE',
    hint: expect.stringContaining('TABLE_FILTER'),
  });
  await hub.close();
});
