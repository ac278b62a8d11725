import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { CustardError } from '#core/errors.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface HttpRequest {
  readonly url: URL;
  readonly method: HttpMethod;
  readonly token: string | null;
  readonly body?: unknown;
  readonly accept: string;
  /** Whatever aborts it is what the call rejects with. */
  readonly signal: AbortSignal;
  /** For the whole exchange, the body included. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly message: IncomingMessage;
  /** Throws what ended the body early, in the same terms as `send`. */
  body(): AsyncGenerator<Buffer>;
}

/**
 * One HTTP exchange. Rejects with SERVER_UNREACHABLE when nothing answers, TIMEOUT, or the signal's
 * reason; an answer with an error status is an answer.
 */
export async function send(options: HttpRequest): Promise<HttpResponse> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const translate = (error: unknown) => translated(error, options, deadline);
  try {
    const message = await exchange(options, AbortSignal.any([options.signal, deadline]));
    return { message, body: () => readBody(message, translate) };
  } catch (error) {
    throw translate(error);
  }
}

function exchange({ url, method, token, body, accept }: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const options: RequestOptions = {
    method,
    signal,
    // The process ends after a few requests: a kept connection would only delay that.
    agent: false,
    headers: {
      accept,
      'user-agent': 'custard-cli',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
    },
  };
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    request.once('response', resolve).once('error', reject).end(payload);
  });
}

async function* readBody(message: IncomingMessage, translate: (error: unknown) => unknown): AsyncGenerator<Buffer> {
  try {
    yield* message;
  } catch (error) {
    throw translate(error);
  }
}

function translated(error: unknown, { url, signal, timeoutMs }: HttpRequest, deadline: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (deadline.aborted) {
    return new CustardError('TIMEOUT', `No answer from ${url.origin} within ${timeoutMs / 1000} s.`, {
      hint: 'Try again, or give it longer with --timeout.',
      cause: error,
    });
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return new CustardError('SERVER_UNREACHABLE', `Cannot reach ${url.origin}: ${REASONS[code] ?? reasonOf(error)}.`, {
    hint: isCertificateProblem(code)
      ? 'If the certificate is your own, name its authority in NODE_EXTRA_CA_CERTS.'
      : 'Check the address (--api-url, CUSTARD_API_URL) and that the server runs; `custard doctor` looks at both.',
    cause: error,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be resolved now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'the connection timed out',
  EPROTO: 'it does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown reason');

const isCertificateProblem = (code: string): boolean => /CERT|SIGNATURE|ISSUER/.test(code);
