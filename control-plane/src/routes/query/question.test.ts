import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CustardError } from '#core/errors.ts';
import { fingerprint } from '#core/schema-fingerprint.ts';
import { openDatabase } from '../../db/database.ts';
import { INTEGER, oneNumber, rowLines } from '../../test-support/fake-gateway.ts';
import { type FakeOpenAi, startFakeOpenAi, statement } from '../../test-support/fake-openai.ts';
import { readEvents } from '../../test-support/read-events.ts';
import { SHOP } from '../../test-support/shop-schema.ts';
import {
  type MetadataDatabase,
  metadataDatabase,
  startTestServer,
  type TestServer,
} from '../../test-support/test-server.ts';

describe('a question', () => {
  let metadata: MetadataDatabase;
  let model: FakeOpenAi;
  let server: TestServer;
  beforeEach(async () => {
    metadata = await metadataDatabase('sqlite');
    model = await startFakeOpenAi();
    server = await startTestServer(metadata.url, { env: { OPENAI_BASE_URL: model.url }, limits: { holdMs: 10_000 } });
    await server.createConnection();
    server.gateway.onDescribe = async () => SHOP;
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
    await metadata[Symbol.asyncDispose]();
  });

  const question = 'how many orders were placed?';
  const ask = () => server.query({ connection_id: 'shop', question, today: '2026-11-20' });
  const answers = (...sqls: string[]): void => {
    let draft = 0;
    model.reply = () => statement(sqls[Math.min(draft++, sqls.length - 1)] ?? '');
  };

  it('is answered with a sentence, the statement, and who made it', async () => {
    answers('SELECT count(*) FROM orders');
    server.gateway.onRun = () => oneNumber(1204);
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ answer: '1,204', sql_query: 'SELECT count(*) FROM orders', maker: 'openai', model: 'fake-1' },
      ...{ tables: ['orders'], data: [['1204']] },
    });
    await server.server.close();
    const database = await openDatabase(metadata.url);
    expect(await database.knex('queries').first()).toMatchObject({ question, maker: 'openai', model: 'fake-1' });
    await database.close();
  });

  it('is streamed with its steps', async () => {
    answers('SELECT id FROM orders');
    server.gateway.onRun = () => ({ columns: [INTEGER], chunks: [rowLines([['1'], ['2']])], rows: 2 });
    const body = { connection_id: 'shop', question };
    const response = await server.request('POST', '/api/v1/query', body, {
      headers: { accept: 'application/x-ndjson' },
    });
    const events = readEvents(await response.text());
    expect(events.flatMap((event) => (event.type === 'step' ? [`${event.step} ${event.state}`] : []))).toEqual([
      ...['schema started', 'schema done', 'write started', 'write done', 'run started', 'run done'],
    ]);
    expect(events.slice(-2)).toMatchObject([{ type: 'answer', text: '1, 2' }, { type: 'done' }]);
  });

  it('has a draft the guard refuses put right', async () => {
    answers('DELETE FROM orders', 'SELECT count(*) FROM orders');
    expect((await ask()).body).toMatchObject({ sql_query: 'SELECT count(*) FROM orders' });
    expect(model.requests[1]?.messages.at(-1)?.content).toContain('DELETE changes data.');
    expect(server.gateway.sent).toHaveLength(1);
  });

  it('has a draft the database refuses put right, in one row of history', async () => {
    answers('SELECT total FROM orders', 'SELECT count(*) FROM orders');
    server.gateway.onRun = (sql) => {
      if (sql.includes('total')) throw new CustardError('COLUMN_NOT_FOUND', 'There is no column "total".');
      return oneNumber(3);
    };
    expect((await ask()).body).toMatchObject({ answer: '3', sql_query: 'SELECT count(*) FROM orders' });
    expect(model.requests[1]?.messages.at(-1)?.content).toContain('There is no column "total".');
    await server.server.close();
    const database = await openDatabase(metadata.url);
    const rows = await database.knex('queries');
    expect(rows).toMatchObject([{ statement: 'SELECT count(*) FROM orders', status: 'succeeded' }]);
    const executed = database.knex('audit').where({ action: 'statement.executed' });
    expect(await executed).toHaveLength(2);
    await database.close();
  });

  it('is given up after three drafts, or when a draft comes twice, with the statement in the error', async () => {
    server.gateway.onRun = () => {
      throw new CustardError('QUERY_FAILED', 'no');
    };
    answers('SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 4');
    expect((await ask()).body).toMatchObject({ error: { code: 'QUERY_FAILED', details: { sql: 'SELECT 3' } } });
    answers('SELECT 1', 'SELECT 1');
    expect((await ask()).body).toMatchObject({ error: { code: 'QUERY_FAILED', details: { sql: 'SELECT 1' } } });
    expect(server.gateway.sent).toHaveLength(5);
  });

  it('is tried on a fresh schema when the old one does not fit any more', async () => {
    const older = { ...SHOP, tables: SHOP.tables.slice(0, 1) };
    const ages: [Date, typeof SHOP][] = [
      [new Date(Date.now() - 120_000), SHOP], // old, and something is new
      [new Date(Date.now() - 120_000), older], // old, and still right
      [new Date(), SHOP], // asked for just now
    ];
    const asked: number[] = [];
    model.reply = ({ messages }) =>
      messages[1]?.content.includes('CREATE TABLE orders')
        ? statement('SELECT count(*) FROM orders')
        : { content: '{"kind":"unsure","reason":"There are no orders."}' };
    const statuses = await Promise.all(
      ages.map(async ([refreshedAt, now], index) => {
        const name = `shop-${index}`;
        const id = await server.createConnection(name);
        const { knex, close } = await openDatabase(metadata.url);
        const stored = { organization_id: 'org_default', fingerprint: fingerprint(older), table_count: 1 };
        const at = { refreshed_at: refreshedAt.toISOString(), created_at: '', updated_at: '' };
        await knex('schema_cache').insert({ connection_id: id, schema: JSON.stringify(older), ...stored, ...at });
        await close();
        const describe = server.gateway.onDescribe;
        server.gateway.onDescribe = async (connectionId) => {
          if (connectionId !== id) return describe(connectionId);
          asked.push(index);
          return now;
        };
        return (await server.query({ connection_id: name, question })).status;
      }),
    );
    expect(statuses).toEqual([200, 422, 422]);
    expect(asked.toSorted((a, b) => a - b)).toEqual([0, 1]);
  });

  it('that another draft cannot help fails at once', async () => {
    answers('SELECT 1');
    server.gateway.onRun = () => {
      throw new CustardError('DATABASE_UNREACHABLE', 'gone');
    };
    expect(await ask()).toMatchObject({ status: 502, body: { error: { code: 'DATABASE_UNREACHABLE' } } });
    expect(model.requests).toHaveLength(1);
  });

  it('may be one nobody can answer, or one that has to be asked back', async () => {
    model.reply = () => ({ content: '{"kind":"unsure","reason":"No weather here."}' });
    const unsure = { code: 'UNSURE', message: 'No weather here.', hint: expect.stringContaining('custard sql') };
    expect(await ask()).toMatchObject({ status: 422, body: { error: unsure } });
    model.reply = () => ({ content: '{"kind":"clarify","question":"Which?","choices":["a","b"]}' });
    const clarify = { code: 'CLARIFICATION_NEEDED', message: 'Which?', details: { choices: ['a', 'b'] } };
    expect(await ask()).toMatchObject({ status: 422, body: { error: clarify } });
    model.reply = () => ({ status: 401 });
    expect(await ask()).toMatchObject({ status: 502, body: { error: { code: 'MODEL_FAILED' } } });
    await server.server.close();
    const database = await openDatabase(metadata.url);
    expect(await database.knex('queries')).toEqual([]);
    await database.close();
  });

  it('to an agent that is not there says so', async () => {
    server.gateway.onDescribe = async () => {
      throw new CustardError('AGENT_OFFLINE', 'No agent.');
    };
    expect(await ask()).toMatchObject({ status: 503, body: { error: { code: 'AGENT_OFFLINE', retryable: true } } });
  });

  it('that holds what PostgreSQL cannot store fails neither itself nor others', async () => {
    await using other = await metadataDatabase('postgres');
    await using hosted = await startTestServer(other.url, { env: { OPENAI_BASE_URL: model.url } });
    await hosted.createConnection();
    hosted.gateway.onDescribe = async () => SHOP;
    answers('SELECT count(*) FROM orders');
    const questions = ['how \u0000 many?', 'how many?', 'how \ud800 many?'];
    const all = questions.map((text) => hosted.query({ connection_id: 'shop', question: text }));
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('is answered by the builtin planner when no model is configured', async () => {
    await using other = await metadataDatabase('sqlite');
    await using local = await startTestServer(other.url);
    await local.createConnection();
    local.gateway.onDescribe = async () => SHOP;
    local.gateway.onRun = () => oneNumber(42);
    const { body } = await local.query({ connection_id: 'shop', question: 'how many orders are there?' });
    expect(body).toMatchObject({ answer: '42', maker: 'builtin', model: null, tables: ['orders'] });
  });
});
