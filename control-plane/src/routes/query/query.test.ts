import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CustardError } from '#core/errors.ts';
import { QueryEvent } from '#core/protocol/api.ts';
import { openDatabase } from '../../db/database.ts';
import { INTEGER, oneNumber, rowLines } from '../../test-support/fake-gateway.ts';
import { readEvents, readServerSentEvents } from '../../test-support/read-events.ts';
import {
  ENGINES,
  type MetadataDatabase,
  metadataDatabase,
  readBody,
  startTestServer,
  type TestServer,
} from '../../test-support/test-server.ts';

const COLUMNS = [INTEGER, { name: 'name', type: 'text', kind: 'text' as const }];
const ROWS = [
  ['1', 'Ærø "A/S"\n日本商事 😀'],
  ['2', '],["]}\n{"type":"row","row":['],
  ['3', null],
];
const ACCEPT = { json: 'application/json', ndjson: 'application/x-ndjson', sse: 'text/event-stream' } as const;

/** The same rows, however they are cut into chunks: in the middle of a line, of a character, of an escape. */
function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

describe.each(ENGINES)('queries on %s', (engine) => {
  let metadata: MetadataDatabase;
  let server: TestServer;
  beforeEach(async () => {
    metadata = await metadataDatabase(engine);
    server = await startTestServer(metadata.url);
    await server.createConnection();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await metadata[Symbol.asyncDispose]();
  });

  const ask = (body: Readonly<Record<string, unknown>>, accept: string = ACCEPT.json) =>
    server.request('POST', '/api/v1/query', { connection_id: 'shop', ...body }, { headers: { accept } });
  const sql = 'SELECT 1';

  /** What history holds, once everything is written. */
  async function history(): Promise<Record<string, unknown>[]> {
    await server.server.close();
    const database = await openDatabase(metadata.url);
    const rows = await database.knex('queries').orderBy('created_at');
    await database.close();
    return rows;
  }

  it.each([1, 7, 64, 100_000])('give the same rows in every rendering, in chunks of %i bytes', async (size) => {
    server.gateway.onRun = () => ({ columns: COLUMNS, chunks: cut(rowLines(ROWS), size), rows: 3 });
    expect(await readBody(await ask({ sql }))).toMatchObject({
      ...{ connection: 'shop', answer: null, sql_query: sql, maker: 'user', model: null, tables: [], assumptions: [] },
      ...{ columns: COLUMNS, data: ROWS, row_count: 3, truncated: false, warnings: [] },
    });
    const lines = await (await ask({ sql }, ACCEPT.ndjson)).text();
    expect(lines).toContain(rowLines(ROWS).toString());
    const events = readEvents(lines);
    expect(events.map(({ type }) => type).filter((type) => type !== 'step')).toEqual([
      ...['start', 'sql', 'columns', 'row', 'row', 'row', 'done'],
    ]);
    expect(events.at(-1)).toMatchObject({ row_count: 3, bytes: rowLines(ROWS).length });
    const sse = readServerSentEvents(await (await ask({ sql }, ACCEPT.sse)).text());
    expect(sse.flatMap((event) => (event.type === 'row' ? [event.row] : []))).toEqual(ROWS);
    expect(sse.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
  });

  it('give no rows as no rows', async () => {
    server.gateway.onRun = () => ({ columns: COLUMNS, chunks: [], rows: 0 });
    expect(await readBody(await ask({ sql }))).toMatchObject({ data: [], row_count: 0, columns: COLUMNS });
    expect(readEvents(await (await ask({ sql }, ACCEPT.ndjson)).text()).at(-1)).toMatchObject({ type: 'done' });
  });

  it('say when there were more rows, and pass on the limits', async () => {
    server.gateway.onRun = () => ({ ...oneNumber(1), truncated: true });
    const answer = await readBody(await ask({ sql, max_rows: 1, timeout_ms: 5_000 }));
    expect(answer).toMatchObject({ truncated: true, warnings: ['The result was cut after 1 rows; there are more.'] });
    await (await ask({ sql }, ACCEPT.ndjson)).text();
    const [first, second] = server.gateway.sent.map(({ limits }) => limits);
    expect(first?.rows).toBe(1);
    expect(first?.timeoutMs).toBeGreaterThan(4_000);
    expect(first?.timeoutMs).toBeLessThanOrEqual(5_000);
    expect(second?.rows).toBeGreaterThan(1_000_000);
  });

  it('are written and checked only, when asked for', async () => {
    const answer = await readBody(await ask({ sql: 'SELECT name FROM shop.customers', dry_run: true }));
    expect(answer).toMatchObject({ tables: ['shop.customers'], data: [], row_count: 0, explanation: null });
    expect(answer['warnings']).toEqual([expect.stringContaining('older version')]);
    const scan = { table: { schema: 'shop', name: 'customers' }, access: 'full', rows: 7 } as const;
    const explanation = { rows: 7, cost: null, scans: [scan], omitted: 0 };
    server.gateway.onExplain = () => explanation;
    expect(await readBody(await ask({ sql, dry_run: true }))).toMatchObject({ explanation, warnings: [] });
    expect(await readBody(await ask({ sql }))).not.toHaveProperty('explanation');
    server.gateway.onExplain = () => {
      throw new CustardError('POLICY_DENIED', 'no');
    };
    expect((await ask({ sql, dry_run: true })).status).toBe(403);
    server.gateway.online = false;
    const offline = await readBody(await ask({ sql, dry_run: true }));
    expect(offline).toMatchObject({ explanation: null, warnings: [expect.stringContaining('is offline')] });
    expect(server.gateway.sent.map(({ statement }) => statement)).toEqual([sql]);
  });

  it.each(Object.values(ACCEPT))('that the guard refuses have their status and code as %s', async (accept) => {
    const response = await ask({ sql: 'DELETE FROM customers' }, accept);
    expect([response.status, await readBody(response)]).toMatchObject([422, { error: { code: 'NOT_READ_ONLY' } }]);
    expect(server.gateway.sent).toEqual([]);
  });

  it.each(Object.values(ACCEPT))(
    'that fail before their first row have their status and code as %s',
    async (accept) => {
      server.gateway.online = false;
      expect((await ask({ sql }, accept)).status).toBe(503);
      server.gateway.online = true;
      server.gateway.onRun = () => ({ columns: COLUMNS, chunks: failing([]), rows: 0 });
      const response = await ask({ sql }, accept);
      expect([response.status, await readBody(response)]).toMatchObject([422, { error: { code: 'QUERY_FAILED' } }]);
    },
  );

  it('that fail after their first row end with an error', async () => {
    server.gateway.onRun = () => ({ columns: COLUMNS, chunks: failing([rowLines(ROWS)]), rows: 0 });
    expect((await ask({ sql })).status).toBe(422);
    const events = readEvents(await (await ask({ sql }, ACCEPT.ndjson)).text());
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'QUERY_FAILED', message: 'division by zero' },
    });
    const sse = readServerSentEvents(await (await ask({ sql }, ACCEPT.sse)).text());
    expect(sse.at(-1)).toMatchObject({ type: 'error' });
  });

  it('that meet a bug say nothing of it', async () => {
    server.gateway.onRun = () => Promise.reject(new Error('secret path /etc'));
    const text = await (await ask({ sql })).text();
    expect(text).toContain('"INTERNAL"');
    expect(text).not.toContain('secret');
    server.gateway.onRun = () => ({
      columns: COLUMNS,
      chunks: failing([rowLines(ROWS)], new Error('secret')),
      rows: 0,
    });
    const events = await (await ask({ sql }, ACCEPT.ndjson)).text();
    expect(events).toContain('"INTERNAL"');
    expect(events).not.toContain('secret');
  });

  it('are in history with what became of them, and never a row', async () => {
    server.gateway.onRun = (statement) => {
      if (statement.includes('2')) throw new CustardError('QUERY_TIMEOUT', 'too slow');
      if (statement.includes('3')) throw new CustardError('QUERY_FAILED', 'no');
      return { columns: COLUMNS, chunks: [rowLines(ROWS)], rows: 3 };
    };
    for (const statement of ['SELECT 1', 'SELECT 2', 'SELECT 3', 'DROP TABLE x']) {
      await (await ask({ sql: statement })).text();
    }
    const rows = await history();
    expect(
      rows.map(({ statement, status, error_code, row_count }) => [statement, status, error_code, row_count]),
    ).toEqual([
      ['SELECT 1', 'succeeded', null, 3],
      ['SELECT 2', 'timed_out', 'QUERY_TIMEOUT', null],
      ['SELECT 3', 'failed', 'QUERY_FAILED', null],
    ]);
    expect(rows[0]).toMatchObject({ organization_id: 'org_default', maker: 'user', question: null });
    expect(JSON.stringify(rows)).not.toContain('Ærø');
    const database = await openDatabase(metadata.url);
    const actions = await database.knex('audit').orderBy('sequence').pluck('action');
    expect(actions).toEqual([
      ...['connection.created', 'statement.executed', 'statement.executed', 'statement.executed', 'statement.refused'],
    ]);
    await database.close();
  });

  it('are cancelled in the database when the client goes away', async () => {
    for (const accept of Object.values(ACCEPT)) {
      const asked = Promise.withResolvers<void>();
      server.gateway.onRun = (_, signal) => {
        asked.resolve();
        return { columns: COLUMNS, chunks: endless(signal), rows: 0 };
      };
      const client = new AbortController();
      const body = JSON.stringify({ connection_id: 'shop', sql });
      const headers = { accept };
      const request = server.request('POST', '/api/v1/query', undefined, { body, headers, signal: client.signal });
      await asked.promise;
      if (accept !== ACCEPT.json) await (await request).body?.getReader().read();
      client.abort();
      await request.catch(() => undefined);
      await server.gateway.sent.at(-1)?.left;
    }
    const ended = (await history()).map(({ status, error_code }) => [status, error_code]);
    expect(ended).toEqual(Array.from({ length: 3 }, () => ['canceled', 'QUERY_CANCELED']));
  });

  it('are refused when the request is wrong', async () => {
    const wrong: [Record<string, unknown>, string][] = [
      [{}, 'question'],
      [{ sql, question: 'how many?' }, 'question'],
      [{ sql, max_rows: 0 }, '"max_rows"'],
      [{ sql, today: 'tomorrow' }, '"today"'],
      [{ sql, limit: 1 }, 'limit'],
    ];
    for (const [body, named] of wrong) {
      const response = await ask(body);
      expect(response.status).toBe(400);
      const message = expect.stringContaining(named);
      expect(await readBody(response)).toMatchObject({ error: { code: 'INVALID_REQUEST', message } });
    }
    expect((await ask({ sql }, 'text/html')).status).toBe(400);
    expect((await ask({ sql, connection_id: 'nothing' })).status).toBe(404);
    expect((await ask({ sql, agent_id: 'another' })).status).toBe(404);
    const tooLong = await readBody(await ask({ sql: `SELECT '${'x'.repeat(70_000)}'` }));
    expect(tooLong).toMatchObject({ error: { code: 'STATEMENT_TOO_LARGE' } });
  });

  it('keep their records apart when many come at once', async () => {
    server.gateway.onRun = (statement) => oneNumber(Number(statement.split(' ')[1]));
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    const answers = await Promise.all(numbers.map(async (number) => readBody(await ask({ sql: `SELECT ${number}` }))));
    expect(answers.map(({ data }) => data)).toEqual(numbers.map((number) => [[String(number)]]));
    const rows = await history();
    expect(rows.filter(({ status }) => status === 'succeeded')).toHaveLength(200);
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(answers.map(({ id }) => id)));
  });
});

async function* failing(
  chunks: readonly Buffer[],
  error: Error = new CustardError('QUERY_FAILED', 'division by zero'),
): AsyncGenerator<Buffer> {
  yield* chunks;
  throw error;
}

/** Rows until the signal is aborted or nobody pulls any more. */
async function* endless(signal: AbortSignal): AsyncGenerator<Buffer> {
  const chunk = rowLines(Array.from({ length: 1000 }, (_, index) => [String(index), 'x'.repeat(50)]));
  while (!signal.aborted) {
    yield chunk;
    await new Promise(setImmediate);
  }
  throw new Error('aborted');
}

describe('a stream', () => {
  it('cancels the query of a client that stops reading, and the next one works', async () => {
    await using metadata = await metadataDatabase('sqlite');
    await using server = await startTestServer(metadata.url, { limits: { stallMs: 200 } });
    await server.createConnection();
    server.gateway.onRun = (_, signal) => ({ columns: COLUMNS, chunks: endless(signal), rows: 0 });
    const body = { connection_id: 'shop', sql: 'SELECT 1' };
    const response = await server.request('POST', '/api/v1/query', body, { headers: { accept: ACCEPT.ndjson } });
    await server.gateway.sent[0]?.left;
    expect(server.gateway.sent[0]?.signal.reason).toMatchObject({ code: 'QUERY_CANCELED' });
    await expect(response.text()).rejects.toThrow();
    server.gateway.onRun = () => oneNumber(1);
    expect((await server.query(body)).status).toBe(200);
  });

  it('shows its first events while it is open how it ends', async () => {
    await using metadata = await metadataDatabase('sqlite');
    await using server = await startTestServer(metadata.url, { limits: { holdMs: 20 } });
    await server.createConnection();
    const failed = Promise.withResolvers<never>();
    server.gateway.onRun = () => failed.promise;
    const body = { connection_id: 'shop', sql: 'SELECT 1' };
    const response = await server.request('POST', '/api/v1/query', body, { headers: { accept: ACCEPT.ndjson } });
    expect(response.status).toBe(200);
    failed.reject(new CustardError('QUERY_FAILED', 'no'));
    const events = (await response.text())
      .trim()
      .split('\n')
      .map((line) => QueryEvent.parse(JSON.parse(line)));
    expect(events.at(0)).toMatchObject({ type: 'start', schema: 'custard.event/1' });
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'QUERY_FAILED' } });
  });

  it('is stopped when its time is up, by the control plane if need be', async () => {
    await using metadata = await metadataDatabase('sqlite');
    await using server = await startTestServer(metadata.url);
    await server.createConnection();
    server.gateway.onRun = (_, signal) =>
      new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const late = await server.query({ connection_id: 'shop', sql: 'SELECT 1', timeout_ms: 1 });
    expect([late.status, late.body]).toMatchObject([504, { error: { code: 'QUERY_TIMEOUT' } }]);
  });
});
