import type { z } from 'zod';
import { CustardError, type ErrorCode, isCustardError } from '#core/errors.ts';
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
import type { Credentials } from './credentials.ts';
import { type HttpMethod, type HttpResponse, send } from './http.ts';
import { type QueryPart, readQueryStream } from './query-stream.ts';

interface ApiClientOptions {
  /** Without /api/v1. */
  readonly url: URL;
  readonly credentials: Credentials;
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
    return (await this.json('GET', 'api/v1/connections', ConnectionList)).connections;
  }

  connection(id: string): Promise<ConnectionView> {
    return this.json('GET', `api/v1/connections/${encodeURIComponent(id)}`, ConnectionViewSchema);
  }

  createConnection(body: CreateConnection): Promise<CreatedConnection> {
    return this.json('POST', 'api/v1/connections', CreatedConnection, { body });
  }

  async deleteConnection(id: string): Promise<void> {
    await this.done('DELETE', `api/v1/connections/${encodeURIComponent(id)}`);
  }

  schema(id: string): Promise<SchemaView> {
    return this.json('GET', `api/v1/connections/${encodeURIComponent(id)}/schema`, SchemaView, {
      timeoutMs: DEFAULT_TIMEOUT_MS + QUERY_GRACE_MS,
    });
  }

  refreshSchema(id: string): Promise<SchemaRefresh> {
    return this.json('POST', `api/v1/connections/${encodeURIComponent(id)}/refresh-schema`, SchemaRefresh, {
      timeoutMs: DEFAULT_TIMEOUT_MS + QUERY_GRACE_MS,
    });
  }

  /** Resolves when the server says that it can take queries. */
  async ready({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    await this.done('GET', 'ready', { timeoutMs });
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

  /** PROTOCOL_ERROR when the answer is not of that shape. */
  async json<T>(method: HttpMethod, path: string, schema: z.ZodType<T>, options: SendOptions = {}): Promise<T> {
    const parsed = schema.safeParse(await readJson(await this.#send(method, path, options)));
    if (parsed.success) return parsed.data;
    throw new CustardError('PROTOCOL_ERROR', `${this.url.origin} sent something this version does not understand.`, {
      hint: 'Bring the CLI and the server to the same version.',
      cause: parsed.error,
    });
  }

  /** For what is answered with a status alone. */
  async done(method: HttpMethod, path: string, options: SendOptions = {}): Promise<void> {
    const response = await this.#send(method, path, options);
    response.message.resume();
  }

  /** What is refused because the session's token is too old is asked once more with a new one. */
  async #send(method: HttpMethod, path: string, options: SendOptions): Promise<HttpResponse> {
    const { credentials } = this.#options;
    const token = await credentials.token();
    const answer = await this.#exchange(method, path, { ...options, token });
    if (!isCustardError(answer)) return answer;
    if (answer.code === 'UNAUTHENTICATED' && token === null) throw notLoggedIn(this.url, answer);
    const renewed = answer.code === 'SESSION_EXPIRED' && token !== null ? await credentials.renew(token) : null;
    if (renewed === null) throw answer;
    const second = await this.#exchange(method, path, { ...options, token: renewed });
    if (isCustardError(second)) throw second;
    return second;
  }

  async #exchange(
    method: HttpMethod,
    path: string,
    { token, ...options }: SendOptions & { readonly token: string | null },
  ): Promise<HttpResponse | CustardError> {
    const { body, timeoutMs = REQUEST_TIMEOUT_MS, accept = 'application/json', answers = [] } = options;
    const { url, signal } = this.#options;
    const target = new URL(path, url.href.endsWith('/') ? url : `${url.href}/`);
    const response = await send({ method, url: target, token, accept, body, signal, timeoutMs });
    const status = response.message.statusCode ?? 0;
    const isAnswer = (status >= 200 && status <= 299) || answers.includes(status);
    return isAnswer ? response : await errorOf(response, status, target);
  }
}

interface SendOptions {
  readonly body?: unknown;
  readonly timeoutMs?: number;
  readonly accept?: string;
  /** Statuses of errors whose bodies are answers. */
  readonly answers?: readonly number[];
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

/** The server, which does not know who is asking, speaks of a missing token. */
function notLoggedIn(url: URL, { hint, details }: CustardError): CustardError {
  const message = `Nobody is logged in to ${url.origin} here.`;
  return new ApiError({ code: 'UNAUTHENTICATED', message, hint, details }, undefined);
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
