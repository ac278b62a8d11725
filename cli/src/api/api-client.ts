import type { z } from 'zod';
import { CustardError, type ErrorCode } from '#core/errors.ts';
import {
  ConnectionList,
  type ConnectionView,
  ConnectionView as ConnectionViewSchema,
  type CreateConnection,
  CreatedConnection,
  ErrorBody,
  type QueryRequest,
  SchemaRefresh,
  SchemaView,
} from '#core/protocol/api.ts';
import { DEFAULT_TIMEOUT_MS, MAX_JSON_ANSWER_BYTES } from '#core/protocol/limits.ts';
import { ApiError } from './api-error.ts';
import { type HttpResponse, send } from './http.ts';
import { type QueryPart, readQueryStream } from './query-stream.ts';

interface ApiClientOptions {
  /** Without /api/v1. */
  readonly url: URL;
  readonly token: string | null;
  /** Aborts whatever is under way. */
  readonly signal: AbortSignal;
}

/** On top of a query's own limit, for the way there and back. */
const QUERY_GRACE_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** The control plane, over HTTP. Every method throws the server's own error as ApiError. */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  get url(): URL {
    return this.#options.url;
  }

  async connections(): Promise<ConnectionView[]> {
    return (await this.#json('GET', 'api/v1/connections', ConnectionList)).connections;
  }

  connection(id: string): Promise<ConnectionView> {
    return this.#json('GET', `api/v1/connections/${encodeURIComponent(id)}`, ConnectionViewSchema);
  }

  createConnection(body: CreateConnection): Promise<CreatedConnection> {
    return this.#json('POST', 'api/v1/connections', CreatedConnection, { body });
  }

  async deleteConnection(id: string): Promise<void> {
    const response = await this.#send('DELETE', `api/v1/connections/${encodeURIComponent(id)}`, {});
    response.message.resume();
  }

  schema(id: string): Promise<SchemaView> {
    return this.#json('GET', `api/v1/connections/${encodeURIComponent(id)}/schema`, SchemaView, {
      timeoutMs: DEFAULT_TIMEOUT_MS + QUERY_GRACE_MS,
    });
  }

  refreshSchema(id: string): Promise<SchemaRefresh> {
    return this.#json('POST', `api/v1/connections/${encodeURIComponent(id)}/refresh-schema`, SchemaRefresh, {
      timeoutMs: DEFAULT_TIMEOUT_MS + QUERY_GRACE_MS,
    });
  }

  /** Resolves when the server says that it can take queries. */
  async ready({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    const response = await this.#send('GET', 'ready', { timeoutMs });
    response.message.resume();
  }

  /** The events of one query; leaving the loop early cancels the statement. */
  async *query(body: QueryRequest): AsyncGenerator<QueryPart> {
    const timeoutMs = (body.timeout_ms ?? DEFAULT_TIMEOUT_MS) + QUERY_GRACE_MS;
    const response = await this.#send('POST', 'api/v1/query', { body, timeoutMs, accept: 'application/x-ndjson' });
    try {
      yield* readQueryStream(response.body());
    } finally {
      response.message.destroy();
    }
  }

  async #json<T>(method: 'GET' | 'POST', path: string, schema: z.ZodType<T>, options: SendOptions = {}): Promise<T> {
    const parsed = schema.safeParse(await readJson(await this.#send(method, path, options)));
    if (parsed.success) return parsed.data;
    throw new CustardError('PROTOCOL_ERROR', `${this.url.origin} sent something this version does not understand.`, {
      hint: 'Bring the CLI and the server to the same version.',
      cause: parsed.error,
    });
  }

  async #send(method: 'GET' | 'POST' | 'DELETE', path: string, options: SendOptions): Promise<HttpResponse> {
    const { body, timeoutMs = REQUEST_TIMEOUT_MS, accept = 'application/json' } = options;
    const { url, token, signal } = this.#options;
    const target = new URL(path, url.href.endsWith('/') ? url : `${url.href}/`);
    const response = await send({ method, url: target, token, accept, body, signal, timeoutMs });
    const status = response.message.statusCode ?? 0;
    if (status < 200 || status > 299) throw await errorOf(response, status, target);
    return response;
  }
}

interface SendOptions {
  readonly body?: unknown;
  readonly timeoutMs?: number;
  readonly accept?: string;
}

async function readJson(response: HttpResponse): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body()) {
    bytes += chunk.length;
    if (bytes > MAX_JSON_ANSWER_BYTES)
      throw new CustardError('PROTOCOL_ERROR', 'The server sent more than an answer may hold.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    // Not JSON: the caller's schema says so
    return undefined;
  }
}

/** Statuses that mean something even where a proxy, not Custard, answers. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMITED',
  502: 'SERVER_UNREACHABLE',
  503: 'SERVER_UNREACHABLE',
  504: 'SERVER_UNREACHABLE',
};

async function errorOf(response: HttpResponse, status: number, url: URL): Promise<CustardError> {
  const parsed = ErrorBody.safeParse(await readJson(response));
  if (parsed.success) return new ApiError(parsed.data.error, parsed.data.error.request_id);
  return new ApiError(
    {
      code: CODE_OF_STATUS[status] ?? 'PROTOCOL_ERROR',
      message: `${url.origin} answered ${url.pathname} with ${status}, and not as a Custard server does.`,
      ...(status === 401 ? {} : { hint: 'Check the address (--api-url, CUSTARD_API_URL).' }),
    },
    undefined,
  );
}
