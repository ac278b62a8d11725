import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatabaseSchema } from '#core/schema.ts';
import { type FakeOpenAi, startFakeOpenAi, statement } from '../../test-support/fake-openai.ts';
import { largeSchema, SHOP } from '../../test-support/shop-schema.ts';
import type { WriteTask } from '../sql-writer.ts';
import { openAiWriter } from './openai-writer.ts';

let endpoint: FakeOpenAi;
beforeEach(async () => {
  endpoint = await startFakeOpenAi();
});
afterEach(() => endpoint[Symbol.asyncDispose]());

const writer = (options: { readonly timeoutMs?: number } = {}) =>
  openAiWriter({ apiKey: 'secret', baseUrl: endpoint.url, model: 'some-model' }, options);

const task = (more: Partial<WriteTask> = {}): WriteTask => ({
  question: 'how many orders has Søren "Ærø A/S" placed?',
  ...{ earlier: [], schema: SHOP, today: '2026-11-20', rejected: [], egress: 'rows', findValues: async () => [] },
  ...{ signal: new AbortController().signal, ...more },
});

describe('what the model is sent', () => {
  it('holds the question, the day, the schema with its keys, and the literals found', async () => {
    endpoint.reply = () => statement('SELECT 1');
    const asked: string[] = [];
    await writer().write(
      task({
        findValues: async (texts) => {
          asked.push(...texts);
          return [{ text: 'Ærø A/S', schema: 'public', table: 'customers', column: 'name', value: 'ÆRØ A/S' }];
        },
      }),
    );
    expect(asked).toContain('Ærø A/S');
    expect(asked).not.toContain('many');
    const [request] = endpoint.requests;
    expect(request?.authorization).toBe('Bearer secret');
    expect(request?.model).toBe('some-model');
    expect(request?.response_format?.type).toBe('json_schema');
    const prompt = request?.messages.at(-1)?.content ?? '';
    expect(prompt).toContain('Today: 2026-11-20');
    expect(prompt).toContain(
      'CREATE TABLE customers ( -- about 100 rows; Who buys\n  id int8 PRIMARY KEY,\n  name text\n);',
    );
    expect(prompt).toContain('FOREIGN KEY (customer_id) REFERENCES customers (id)');
    expect(prompt).toContain('"placedAt" timestamptz NOT NULL');
    expect(prompt).toContain('"Ærø A/S" is "ÆRØ A/S" in customers.name');
  });

  it('holds the tables that matter when the schema is too large, and the names of others', async () => {
    endpoint.reply = () => statement('SELECT 1');
    await writer().write(task({ schema: largeSchema(200) }));
    const prompt = endpoint.requests[0]?.messages.at(-1)?.content ?? '';
    expect(prompt.length).toBeLessThan(45_000);
    expect(prompt).toContain('CREATE TABLE orders');
    expect(prompt).toContain('CREATE TABLE customers');
    expect(prompt).toMatch(/whose columns are not shown: .*noise_199/);
  });

  it('holds what was wrong with the drafts before', async () => {
    endpoint.reply = () => statement('SELECT 2');
    await writer().write(task({ rejected: [{ sql: 'SELECT x', reason: 'There is no column x.' }] }));
    const messages = endpoint.requests[0]?.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[2]?.content).toContain('SELECT x');
    expect(messages[3]?.content).toContain('There is no column x.');
  });
});

describe('a MongoDB database', () => {
  const path = (name: string, type: string, nullable = false) => ({
    ...({ name, type, kind: 'text', nullable, comment: null } as const),
  });
  const schema: DatabaseSchema = {
    ...{ dialect: 'mongodb', version: '8.0.4', defaultSchemas: [] },
    tables: [
      {
        ...{ schema: null, name: 'orderItems', kind: 'table', comment: null, primaryKey: ['_id'], foreignKeys: [] },
        ...{ uniqueKeys: [['sku']], rowEstimate: 41, readable: true },
        columns: [
          path('_id', 'objectId'),
          path('items.price', 'double', true),
          { ...path('card', 'object'), masked: 'hash' },
        ],
      },
    ],
  };
  const pipeline = { collection: 'orderItems', pipeline: [{ $count: 'n' }] };

  it('is asked for JSON of the form that the guard reads, by paths and types of fields', async () => {
    endpoint.reply = () => statement(JSON.stringify(pipeline));
    expect(await writer().write(task({ schema }))).toMatchObject({ kind: 'statement', sql: JSON.stringify(pipeline) });
    const [system, user] = endpoint.requests[0]?.messages.map(({ content }) => content) ?? [];
    expect(system).toContain('{"collection": "orders", "pipeline": [{"$match": …}, {"$group": …}, …]}');
    expect(system).toContain('Extended JSON');
    expect(system).toContain('"sql": the statement, as one string of JSON');
    expect(system).not.toMatch(/SELECT|foreign key/);
    expect(user).toContain(
      'collection "orderItems", about 41 documents\n  _id objectId\n  items.price double -- may be missing',
    );
    expect(user).toMatch(/card object -- masked/);
    expect(user).toContain('unique: sku');
    expect(user).toContain('Database: MongoDB 8.0.4');
  });

  it.each([
    ['as an object', JSON.stringify({ kind: 'statement', sql: pipeline })],
    ['alone, in a code block', `Sure:\n\`\`\`json\n${JSON.stringify(pipeline)}\n\`\`\``],
  ])('may be answered with the statement %s', async (_, content) => {
    endpoint.reply = () => ({ content });
    expect(await writer().write(task({ schema }))).toMatchObject({ kind: 'statement', sql: JSON.stringify(pipeline) });
  });
});

describe('what the model answers', () => {
  it.each([
    ['bare', '{"kind":"statement","sql":"SELECT 1;","assumptions":["a"]}', ['a']],
    ['in a code block', 'Sure!\n```json\n{"kind":"statement","sql":"SELECT 1"}\n```\nBye', []],
    ['in prose', 'Here: {"kind":"statement","sql":"SELECT 1","assumptions":null} as asked', []],
    ['as SQL alone', 'Try this:\n```sql\nSELECT 1;\n```', []],
  ])('is understood %s', async (_, content, assumptions) => {
    endpoint.reply = () => ({ content });
    expect(await writer().write(task())).toEqual({
      reading: [],
      kind: 'statement',
      sql: 'SELECT 1',
      model: 'fake-1',
      assumptions,
    });
  });

  it('may be a question or that it is not sure', async () => {
    endpoint.reply = () => ({ content: '{"kind":"clarify","question":"Which?","choices":["a","b"],"sql":null}' });
    expect(await writer().write(task())).toEqual({ kind: 'clarify', question: 'Which?', choices: ['a', 'b'] });
    endpoint.reply = () => ({ content: '{"kind":"unsure","reason":"No weather here."}' });
    expect(await writer().write(task())).toEqual({ kind: 'unsure', reason: 'No weather here.' });
    endpoint.reply = () => ({ refusal: 'I will not' });
    expect(await writer().write(task())).toMatchObject({ kind: 'unsure' });
  });

  it.each([
    ['cut off', { content: '{"kind":"stat', finishReason: 'length' }],
    ['not what was asked for', { content: 'It is raining.' }],
    ['empty', {}],
  ])('is an error when it is %s', async (_, reply) => {
    endpoint.reply = () => reply;
    await expect(writer().write(task())).rejects.toMatchObject({ code: 'MODEL_FAILED', hint: expect.any(String) });
  });
});

describe('endpoints', () => {
  it('that know no structured output are asked for JSON, then for text, and that is remembered', async () => {
    endpoint.reply = ({ response_format }) => (response_format === undefined ? statement('SELECT 1') : { status: 400 });
    const asker = writer();
    await asker.write(task());
    await asker.write(task());
    const formats = endpoint.requests.map((request) => request.response_format?.type);
    expect(formats).toEqual(['json_schema', 'json_object', undefined, undefined]);
  });

  it.each([
    [401, /OPENAI_API_KEY/],
    [404, /OPENAI_MODEL/],
    [429, /credit/],
    [500, /moment/],
    [400, /OPENAI_MODEL/],
  ])('that answer %i are named in an error with what to do', async (status, hint) => {
    endpoint.reply = () => ({ status });
    const error = await writer()
      .write(task())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MODEL_FAILED', hint: expect.stringMatching(hint) });
    expect(String(error)).not.toContain('secret');
  });

  it('that are not there or never answer end in an error', async () => {
    const gone = openAiWriter({ apiKey: 'x', baseUrl: 'http://127.0.0.1:1/v1', model: 'm' });
    await expect(gone.write(task())).rejects.toMatchObject({
      code: 'MODEL_FAILED',
      hint: expect.stringMatching(/OPENAI_BASE_URL/),
    });
    endpoint.reply = () => ({ hang: true });
    await expect(writer({ timeoutMs: 50 }).write(task())).rejects.toMatchObject({ code: 'MODEL_FAILED' });
  }, 60_000);

  it('are left as soon as the asker leaves', async () => {
    const asker = new AbortController();
    endpoint.reply = () => {
      asker.abort(new Error('left'));
      return { hang: true };
    };
    await expect(writer().write(task({ signal: asker.signal }))).rejects.toThrow('left');
  });
});
