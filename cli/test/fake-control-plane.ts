import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import type { ConnectionView } from '#core/protocol/api.ts';
import type { Column, Row } from '#core/values.ts';

/** Speaks the control plane's HTTP interface as far as a test says; remembers what it was asked. */
export interface FakeControlPlane extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Resolves once a client has gone away before its answer was complete. */
  readonly clientLeft: Promise<void>;
}

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export type Answer = (response: ServerResponse, request: RecordedRequest) => Promise<void> | void;

/** By "METHOD /path"; a query is "POST /api/v1/query". */
export async function startFakeControlPlane(answers: Readonly<Record<string, Answer>>): Promise<FakeControlPlane> {
  const requests: RecordedRequest[] = [];
  const clientLeft = Promise.withResolvers<void>();
  const server = createServer(async (message, response) => {
    response.on('close', () => response.writableFinished || clientLeft.resolve());
    const request = await record(message);
    requests.push(request);
    const answer = answers[`${request.method} ${request.path}`] ?? notFound;
    await answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    clientLeft: clientLeft.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function record(message: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    authorization: message.headers.authorization,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

export const json =
  (body: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

export const failing = (status: number, error: { code: string; message: string; hint?: string }): Answer =>
  json({ error: { ...error, request_id: 'req-1', retryable: false } }, status);

const notFound = failing(404, { code: 'NOT_FOUND', message: 'There is nothing there.' });

export const CONNECTION: ConnectionView = {
  id: 'con_1',
  name: 'shop',
  db_type: 'POSTGRESQL',
  status: 'CONNECTED',
  status_since: '2026-01-01T00:00:00.000Z',
  agent_id: 'agt_1',
  created_at: '2026-01-02T03:04:05.000Z',
  last_seen_at: '2026-01-02T03:05:05.000Z',
  last_error: null,
  policy: null,
  schema: { state: 'READY', table_count: 9, fingerprint: 'f', refreshed_at: '2026-01-02T03:04:06.000Z' },
};

export interface FakeResult {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly answer?: string;
  readonly truncated?: boolean;
  readonly warnings?: readonly string[];
  readonly sql?: string;
}

export const line = (event: unknown): string => `${JSON.stringify(event)}\n`;

export const startLine = line({
  type: 'start',
  schema: 'custard.event/1',
  id: 'q_1',
  connection: 'shop',
  request_id: 'req-1',
});

export const rowLines = (rows: readonly Row[]): string => rows.map((row) => line({ type: 'row', row })).join('');

export function doneLine(rows: string, more: { truncated?: boolean; warnings?: readonly string[] } = {}): string {
  return line({
    type: 'done',
    row_count: rows.split('\n').length - 1,
    bytes: Buffer.byteLength(rows),
    crc32: crc32(rows),
    truncated: more.truncated ?? false,
    warnings: more.warnings ?? [],
    elapsed_ms: 12,
  });
}

export function headLines({ columns, answer, sql = 'SELECT 1' }: FakeResult): string {
  const maker = answer === undefined ? 'user' : 'builtin';
  return (
    startLine +
    line({ type: 'step', step: 'schema', state: 'started', elapsed_ms: 0 }) +
    line({ type: 'step', step: 'schema', state: 'done', elapsed_ms: 3 }) +
    line({ type: 'sql', sql, maker, model: null, tables: ['orders'], assumptions: [] }) +
    line({ type: 'columns', columns })
  );
}

/** A whole event stream. */
export function resultText(result: FakeResult): string {
  const rows = rowLines(result.rows);
  const answer = result.answer === undefined ? '' : line({ type: 'answer', text: result.answer });
  return headLines(result) + rows + answer + doneLine(rows, result);
}

export const streaming =
  (text: string): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(text);
  };
