import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_PLAN } from '#core/explanation.ts';
import { CreatedConnection } from '#core/protocol/api.ts';
import { writeFrameHeader } from '#core/protocol/frames.ts';
import { FromAgent, ToAgent } from '#core/protocol/messages.ts';
import { createAgentGateway, type RunningGateway } from './agent-gateway.ts';
import { HELLO, LinkedAgent } from './test-support/linked-agent.ts';
import { type Person, signUp } from './test-support/person.ts';
import {
  ENGINES,
  type MetadataDatabase,
  metadataDatabase,
  startTestServer,
  type TestServer,
} from './test-support/test-server.ts';

/** Agents of two organizations on one server: every message of the one, while something of the other is under way. */

const STOLEN = { name: 'stolen', type: 'int4', kind: 'integer' } as const;
const numbers = { rows: 1, bytes: 0, crc32: 0, truncated: false, elapsedMs: 1 };
const table = {
  ...{
    schema: null,
    name: 'stolen',
    kind: 'table' as const,
    comment: null,
    columns: [],
    primaryKey: [],
    foreignKeys: [],
  },
  ...{ uniqueKeys: [], rowEstimate: null, readable: true },
};

/** What an agent could send about a stream or a request that is not its own. */
const MESSAGES: { readonly [Type in FromAgent['type']]: (id: number) => Extract<FromAgent, { type: Type }> } = {
  hello: () => HELLO,
  accepted: (id) => ({ type: 'accepted', id }),
  columns: (id) => ({ type: 'columns', id, columns: [STOLEN] }),
  end: (id) => ({ type: 'end', id, ...numbers }),
  failed: (id) => ({ type: 'failed', id, error: { code: 'QUERY_FAILED', message: 'stolen' } }),
  schema_page: (id) => ({ type: 'schema_page', id, version: 'x', defaultSchemas: [], tables: [table], last: true }),
  values_found: (id) => ({
    ...{ type: 'values_found', id },
    found: [{ text: 'secret literal', schema: null, table: 'stolen', column: 'c', value: 'stolen' }],
  }),
  explained: (id) => ({ type: 'explained', id, explanation: { rows: 666, cost: null, scans: [], omitted: 0 } }),
  pong: () => ({ type: 'pong', sent: 1 }),
  draining: () => ({ type: 'draining' }),
  health: () => ({ type: 'health', health: { database: { state: 'reachable' }, running: 7, waiting: 7 } }),
};

const CONNECTIONS = '/api/v1/connections';

describe.each(ENGINES)('links of two organizations on %s', (engine) => {
  let metadata: MetadataDatabase;
  let server: TestServer;
  let running: RunningGateway;
  let own: Party;
  let other: Party;
  beforeAll(async () => {
    metadata = await metadataDatabase(engine);
    server = await startTestServer(metadata.url, {
      createGateway: (dependencies) => {
        running = createAgentGateway(dependencies);
        return running;
      },
    });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await metadata?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    [own, other] = [await party(), await party()];
  });
  afterEach(() => {
    for (const { agent } of [own, other]) agent.close();
  });

  interface Party {
    readonly person: Person;
    readonly connection: CreatedConnection;
    readonly agent: LinkedAgent;
  }

  async function party(at = server): Promise<Party> {
    const person = await signUp(at);
    const { body } = await person.call('POST', CONNECTIONS, { name: 'shop', db_type: 'POSTGRESQL' });
    const connection = CreatedConnection.parse(body);
    const agent = await LinkedAgent.dial(at.server.url, { agentId: connection.agent_id, key: connection.api_key });
    if (typeof agent === 'number') throw new Error(`refused: ${agent}`);
    agent.send(HELLO);
    await agent.next('welcome');
    // It is asked for its schema at once; that is not what these tests are about.
    agent.send(MESSAGES.schema_page((await agent.next('schema')).id));
    agent.received.length = 0;
    return { person, connection, agent };
  }

  const ask = ({ person }: Party) =>
    person.call('POST', '/api/v1/query', { connection_id: 'shop', sql: `SELECT 'secret statement' AS n` });

  it('are of every kind of message there is', () => {
    expect(Object.keys(MESSAGES)).toEqual(FromAgent.options.map(({ shape }) => shape.type.value));
  });

  it.each(Object.keys(MESSAGES) as FromAgent['type'][])('%s of one says nothing about the other’s', async (type) => {
    const { gateway } = running;
    const signal = AbortSignal.timeout(10_000);
    const target = { connectionId: other.connection.id, signal };
    const answering = ask(other);
    const schema = gateway.describe({ ...target, known: null });
    const values = gateway.findValues({ ...target, texts: ['secret literal'] });
    const plan = gateway.explain({ ...target, statement: 'SELECT 1', timeoutMs: 10_000 });
    const [query, describing, finding, explaining] = [
      await other.agent.next('query'),
      await other.agent.next('schema'),
      await other.agent.next('values'),
      await other.agent.next('explain'),
    ];
    for (const { id } of [query, describing, finding, explaining]) own.agent.send(MESSAGES[type](id));
    // Whatever came of it has been dealt with once this link answers again, or is gone.
    const line = Buffer.from('{"type":"row","row":[1]}\n');
    const header = Buffer.alloc(8);
    writeFrameHeader(header, query.id, 0);
    other.agent.send({ type: 'accepted', id: query.id });
    other.agent.send({ type: 'columns', id: query.id, columns: [{ ...STOLEN, name: 'n' }] });
    other.agent.send(Buffer.concat([header, line]));
    const total = { rows: 1, bytes: line.length, crc32: crc32(line), truncated: false, elapsedMs: 1 };
    other.agent.send({ type: 'end', id: query.id, ...total });
    other.agent.send({ ...MESSAGES.schema_page(describing.id), tables: [{ ...table, name: 'own' }] } as FromAgent);
    other.agent.send({ type: 'values_found', id: finding.id, found: [] });
    other.agent.send({ type: 'explained', id: explaining.id, explanation: NO_PLAN });
    expect((await answering).body).toMatchObject({ columns: [{ name: 'n' }], data: [[1]] });
    expect((await schema).schema.tables).toMatchObject([{ name: 'own' }]);
    expect(await values).toEqual([]);
    expect(await plan).toEqual(NO_PLAN);
    expect(JSON.stringify(own.agent.received)).not.toMatch(/secret|"query"|"schema"|"values"/);
  });

  it('hear nothing that is meant for the other, of every kind of message there is', async () => {
    const { gateway } = running;
    const gone = new AbortController();
    const target = { connectionId: other.connection.id, signal: gone.signal };
    const given = [
      gateway.describe({ ...target, known: null }),
      gateway.findValues({ ...target, texts: ['x'] }),
      gateway.explain({ ...target, statement: 'SELECT 1', timeoutMs: 10_000 }),
    ];
    const rows = gateway.run({ ...target, statement: 'SELECT 1', limits: { rows: 1, bytes: 1000, timeoutMs: 10_000 } });
    const { id } = await other.agent.next('query');
    other.agent.send({ type: 'accepted', id });
    other.agent.send({ type: 'columns', id, columns: [STOLEN] });
    const chunks = (await rows).chunks[Symbol.asyncIterator]();
    const header = Buffer.alloc(8);
    writeFrameHeader(header, id, 0);
    other.agent.send(Buffer.concat([header, Buffer.from('{"type":"row","row":[1]}\n')]));
    await chunks.next();
    const settled = Promise.allSettled([...given, chunks.next()]);
    gone.abort(new Error('gone'));
    await settled;
    await other.agent.next('cancel');
    expect((await other.person.call('DELETE', `${CONNECTIONS}/shop`)).status).toBe(204);
    await other.agent.next('error');
    const heard = new Set(other.agent.received.map(({ type }) => type));
    // A ping tells the time, a drain goes to everybody, and credit comes only with longer results.
    const kinds = ToAgent.options.map(({ shape }) => shape.type.value);
    expect(new Set(kinds)).toEqual(new Set([...heard, 'welcome', 'ping', 'drain', 'credit']));
    expect(own.agent.received).toEqual([]);
  });

  it('are not opened with the other’s key, nor for the other’s connection', async () => {
    const swapped = { agentId: other.connection.agent_id, key: own.connection.api_key };
    expect(await LinkedAgent.dial(server.server.url, swapped)).toBe(401);
    const { agent_id: agentId, api_key: key } = own.connection;
    const agent = await LinkedAgent.dial(server.server.url, { agentId, key });
    if (typeof agent === 'number') throw new Error('refused');
    agent.send({ ...HELLO, instanceId: 'second', connectionId: other.connection.id });
    expect((await agent.next('error')).error.code).toBe('CONFIG_INVALID');
  });

  it('end with their key, on this server at once', async () => {
    const rotated = await own.person.call('POST', `${CONNECTIONS}/shop/rotate-key`, { grace_minutes: 0 });
    expect((await own.agent.next('error')).error).toMatchObject({ code: 'UNAUTHENTICATED', hint: /rotate-key/ });
    expect(await own.agent.closed()).toBe(1008);
    const { agent_id: agentId, api_key: key } = own.connection;
    expect(await LinkedAgent.dial(server.server.url, { agentId, key })).toBe(401);
    const next = await LinkedAgent.dial(server.server.url, { agentId, key: rotated.body.api_key });
    expect(typeof next).toBe('object');
    expect(other.agent.closeCode).toBeNull();
  });

  it('end with their key, and streams with their session, on other servers within ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using here = await startTestServer(metadata.url, { createGateway: createAgentGateway });
    const [keyless, loggedOut] = [await party(here), await party(here)];
    const answering = ask(loggedOut);
    const { id } = await loggedOut.agent.next('query');
    loggedOut.agent.send({ type: 'accepted', id });
    const elsewhere = async (person: Person, path: string, body: object) => {
      const headers = { authorization: `Bearer ${person.tokens.access_token}`, 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await fetch(`${server.server.url}${path}`, init)).status;
    };
    expect(await elsewhere(loggedOut.person, '/api/v1/auth/logout', {})).toBe(204);
    expect(await elsewhere(keyless.person, `${CONNECTIONS}/shop/rotate-key`, { grace_minutes: 0 })).toBe(201);
    vi.advanceTimersByTime(10_000);
    expect((await keyless.agent.next('error')).error.code).toBe('UNAUTHENTICATED');
    expect((await answering).body.error.code).toBe('SESSION_EXPIRED');
    await loggedOut.agent.next('cancel');
    for (const { agent } of [keyless, loggedOut]) agent.close();
    vi.useRealTimers();
  });
});
