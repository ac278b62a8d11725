/**
 * A program that speaks Snowflake's wire protocol to the real driver, over DuckDB: an emulator for tests, and no Snowflake.
 * It knows the few statements that the connector sends itself, and runs the tests' on DuckDB. Prints its port.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { canned } from './emulator-answers.ts';
import { CATALOGUE } from './emulator-catalogue.ts';
import { emulatedError, failure, WireFailure } from './emulator-errors.ts';
import { type WireColumn, wireColumn } from './emulator-types.ts';

const INLINE_ROWS = 500;
const CHUNK_ROWS = 5_000;
/** Snowflake answers after 45 s that the statement is still running; here that happens sooner, to be seen. */
const POLL_AFTER_MS = 400;

const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const owner = await instance.connect();
for (const statement of CATALOGUE) await owner.run(statement);

interface Running {
  readonly connection: DuckDBConnection;
  readonly answer: Promise<unknown>;
  ended: 'canceled' | 'timeout' | undefined;
}
const running = new Map<string, Running>();
const results = new Map<string, { readonly connection: DuckDBConnection; readonly columns: readonly WireColumn[] }>();
const sessions = new Map<string, DuckDBConnection>();
let executing = 0;

const Request = z.object({
  sqlText: z.string(),
  describeOnly: z.boolean().optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  bindings: z.record(z.string(), z.object({ value: z.string() })).optional(),
});
type Request = z.infer<typeof Request>;

async function login(body: unknown) {
  const Login = z.object({
    data: z.object({ LOGIN_NAME: z.string(), PASSWORD: z.string().optional(), TOKEN: z.string().optional() }),
  });
  const { PASSWORD, TOKEN } = Login.parse(body).data;
  if (PASSWORD !== 'p@ss/w%rd' && TOKEN === undefined) {
    throw new WireFailure('390100', 'Incorrect username or password was specified.', '08001');
  }
  const token = randomUUID();
  const connection = await instance.connect();
  await connection.run('USE "SHOP"."PUBLIC"');
  sessions.set(token, connection);
  return {
    token,
    masterToken: token,
    validityInSeconds: 3600,
    masterValidityInSeconds: 14400,
    sessionId: 1,
    parameters: [],
  };
}

async function describe(connection: DuckDBConnection, sql: string) {
  const extracted = await connection.extractStatements(sql);
  if (extracted.count !== 1) throw failure.severalStatements(extracted.count);
  const prepared = await extracted.prepare(0);
  const columns = Array.from({ length: prepared.columnCount }, (_, index) =>
    wireColumn(prepared.columnName(index), prepared.columnType(index)),
  );
  return { columns, isSelect: prepared.statementType === 1 };
}

/** In the place of each `?`: prepared with them, DuckDB does not know the types of a result. */
function bound({ sqlText, bindings = {} }: Request): string {
  let place = 0;
  return sqlText.replace(/\?/g, () => `'${bindings[String(++place)]?.value.replaceAll("'", "''") ?? ''}'`);
}

const common = () => ({
  parameters: [{ name: 'TIMEZONE', value: 'Europe/Berlin' }],
  ...{
    finalDatabaseName: 'SHOP',
    finalSchemaName: 'PUBLIC',
    finalRoleName: 'READER',
    queryId: randomUUID(),
    version: 1,
  },
});

async function execute(connection: DuckDBConnection, request: Request, base: string) {
  const known = await canned(request.sqlText, (sql) => connection.runAndReadAll(sql));
  if (known !== undefined) return { ...common(), ...known, statementTypeId: 0x1000 };
  const text = request.bindings === undefined ? request.sqlText : bound(request);
  const sql = text.replaceAll('INFORMATION_SCHEMA.', 'SF_INFO.').replaceAll("'INFORMATION_SCHEMA'", "'SF_INFO'");
  const { columns, isSelect } = await describe(connection, sql);
  const data = {
    ...common(),
    rowtype: columns.map(({ rowtype }) => rowtype),
    statementTypeId: isSelect ? 0x1000 : 0x6100,
  };
  if (request.describeOnly) return { ...data, rowset: [], returned: 0, total: 0 };
  const table = `r_${data.queryId.replaceAll('-', '')}`;
  const names = columns.map((_, index) => `c${index}`).join(', ');
  const prepared = await connection.prepare(
    `CREATE TABLE memory.main.${table} AS SELECT * FROM (${sql}\n) AS t(${names})`,
  );
  await prepared.run();
  const counted = await owner.runAndReadAll(`SELECT count(*) FROM memory.main.${table}`);
  const rows = Number(counted.getRows()[0]?.[0]);
  results.set(table, { connection: owner, columns });
  const chunks = [];
  for (let from = INLINE_ROWS; from < rows; from += CHUNK_ROWS) {
    const rowCount = Math.min(CHUNK_ROWS, rows - from);
    chunks.push({
      url: `${base}/chunks/${table}/${from}/${rowCount}`,
      rowCount,
      compressedSize: 1,
      uncompressedSize: 1,
    });
  }
  const rowset = await rowsOf(table, 0, INLINE_ROWS);
  return { ...data, rowset, returned: rows, total: rows, ...(chunks.length === 0 ? {} : { chunks, qrmk: 'a-key' }) };
}

async function rowsOf(table: string, from: number, count: number): Promise<(string | null)[][]> {
  const result = results.get(table);
  if (result === undefined) throw new Error('No such result.');
  const shown = result.columns.map(({ select }, index) => `CAST(${select(`c${index}`)} AS VARCHAR)`).join(', ');
  const read = await result.connection.runAndReadAll(
    `SELECT ${shown} FROM memory.main.${table} WHERE rowid >= ${from} AND rowid < ${from + count} ORDER BY rowid`,
  );
  return read
    .getRows()
    .map((row) =>
      row.map((value, index) => (value === null ? null : (result.columns[index]?.wire ?? String)(String(value)))),
    );
}

function start(connection: DuckDBConnection, request: Request, base: string): Running {
  const limit = Number(request.parameters?.['STATEMENT_TIMEOUT_IN_SECONDS'] ?? 0) * 1000;
  const timer = setTimeout(() => stop(one, 'timeout'), limit || 600_000);
  executing++;
  const answer = execute(connection, request, base)
    .then((data) => ({ data, success: true, code: null, message: null }))
    .catch((error: unknown) => emulatedError(error, one.ended, request.sqlText))
    .finally(() => {
      clearTimeout(timer);
      executing--;
    });
  const one: Running = { connection, answer, ended: undefined };
  return one;
}

function stop(one: Running | undefined, reason: 'canceled' | 'timeout'): void {
  if (one === undefined) return;
  one.ended = reason;
  one.connection.interrupt();
}

/** The answer, or that it is to be asked for again. */
async function orLater(id: string, one: Running): Promise<unknown> {
  const later = Promise.withResolvers<unknown>();
  const data = { getResultUrl: `/queries/${id}/result`, queryId: id };
  const timer = setTimeout(() => later.resolve({ data, success: true, code: '333333', message: null }), POLL_AFTER_MS);
  const answer = await Promise.race([one.answer.finally(() => running.delete(id)), later.promise]);
  clearTimeout(timer);
  return answer;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const bytes = Buffer.concat(parts);
  if (bytes.length === 0) return {};
  return JSON.parse((request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString());
}

async function answerTo(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const json = (value: unknown) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  };
  const [, first, second, third, fourth] = url.pathname.split('/');
  const body = await bodyOf(request);
  if (first === 'chunks') {
    const rows = await rowsOf(second ?? '', Number(third), Number(fourth));
    const text = JSON.stringify(rows).slice(1, -1);
    response.writeHead(200, { 'content-type': 'binary/octet-stream', 'content-encoding': 'gzip' });
    response.end(gzipSync(text, { level: 1 }));
  } else if (first === 'emulator') {
    if (second === 'execute') await owner.run(z.object({ sql: z.string() }).parse(body).sql);
    if (second === 'forget') sessions.clear();
    json({ running: executing });
  } else if (url.pathname === '/session/v1/login-request')
    json({ data: await login(body), success: true, code: null, message: null });
  else if (third === 'abort-request' || (second === 'v1' && third === 'abort-request')) {
    const id = second === 'v1' ? z.object({ requestId: z.string() }).parse(body).requestId : (second ?? '');
    stop(running.get(id), 'canceled');
    json({ data: null, success: true, code: null, message: null });
  } else if (third === 'result') {
    const one = running.get(second ?? '');
    json(
      one === undefined
        ? { success: false, code: '000709', message: 'Statement not found', data: {} }
        : await orLater(second ?? '', one),
    );
  } else if (third === 'query-request') {
    const token = /Token="(.*)"/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const connection = sessions.get(token);
    if (connection === undefined)
      return json({ success: false, code: '390111', message: 'Your session has expired.', data: {} });
    const id = url.searchParams.get('requestId') ?? '';
    const one = start(connection, Request.parse(body), url.origin);
    running.set(id, one);
    json(await orLater(id, one));
  } else json({ data: null, success: true, code: null, message: null });
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  answerTo(request, response, url).catch((error: unknown) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(emulatedError(error, undefined, '')));
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`${address?.port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
