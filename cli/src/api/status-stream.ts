import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { CustardError, isErrorCode } from '#core/errors.ts';
import { DEAD_AFTER_PINGS, HANDSHAKE_MS, MIB, PING_EVERY_MS } from '#core/protocol/limits.ts';
import { STATUS_SOCKET_PATH, STATUS_SUBPROTOCOL, StatusMessage } from '#core/protocol/status.ts';
import { ApiError } from './api-error.ts';

interface StatusStreamOptions {
  /** Of the control plane, without /api/v1. */
  readonly url: URL;
  readonly token: string | null;
  readonly signal: AbortSignal;
}

/** Silence after which the control plane counts as gone: it pings every PING_EVERY_MS. */
const DEAD_AFTER_MS = PING_EVERY_MS * (DEAD_AFTER_PINGS + 0.5);
const MAX_MESSAGE_BYTES = 16 * MIB;

/**
 * One stay at the status socket: hands over each message, and resolves with why it ended. QUERY_CANCELED by the signal;
 * SERVER_UNREACHABLE; the server's own refusal.
 */
export function followStatus(
  { url, token, signal }: StatusStreamOptions,
  onMessage: (message: StatusMessage) => void,
): Promise<CustardError> {
  return new Promise((resolve) => {
    const socket = new WebSocket(socketUrl(url), STATUS_SUBPROTOCOL, {
      ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
      ...{ perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES, handshakeTimeout: HANDSHAKE_MS },
    });
    let error: CustardError | null = null;
    const give = (reason: CustardError): void => {
      error ??= reason;
      socket.terminate();
    };
    const watchdog = setTimeout(() => give(unreachable(url, 'it has gone silent')), DEAD_AFTER_MS);
    const stop = (): void => give(new CustardError('QUERY_CANCELED', 'Cancelled.'));
    signal.addEventListener('abort', stop, { once: true });
    socket.on('ping', () => watchdog.refresh());
    socket.on('message', (data) => {
      watchdog.refresh();
      const message = parse(String(data));
      if (message === null) give(notUnderstood(url));
      else if (message.type === 'error') give(new ApiError(message.error, undefined));
      else onMessage(message);
    });
    socket.on('unexpected-response', (request, response) => {
      error ??= refused(url, response);
      request.destroy();
      socket.terminate();
    });
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      error ??= unreachable(url, cause.code ?? 'no connection', cause);
    });
    socket.on('close', () => {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
      resolve(error ?? unreachable(url, 'it closed the connection'));
    });
    if (signal.aborted) stop();
  });
}

function socketUrl(url: URL): URL {
  const base = url.href.endsWith('/') ? url : new URL(`${url.href}/`);
  const target = new URL(STATUS_SOCKET_PATH.slice(1), base);
  target.protocol = target.protocol === 'https:' ? 'wss:' : 'ws:';
  return target;
}

function parse(text: string): StatusMessage | null {
  try {
    return StatusMessage.parse(JSON.parse(text));
  } catch {
    return null; // told as a protocol error
  }
}

function refused(url: URL, { headers, statusCode = 0 }: IncomingMessage): CustardError {
  const named = headers['x-custard-error'];
  if (isErrorCode(named) && named !== 'NOT_FOUND') {
    return new ApiError(
      { code: named, message: `${url.origin} refused to tell the status (HTTP ${statusCode}).` },
      undefined,
    );
  }
  if (statusCode >= 500) return unreachable(url, `HTTP ${statusCode}`);
  return new CustardError('PROTOCOL_ERROR', `${url.origin} has no live status (HTTP ${statusCode}).`, {
    hint: 'Bring the server to the version of this CLI, or check the address; `custard connections list` asks it once.',
  });
}

function unreachable(url: URL, why: string, cause?: Error): CustardError {
  return new CustardError('SERVER_UNREACHABLE', `No connection to ${url.origin}: ${why}.`, {
    hint: 'Check that the server runs, and its address (--api-url, CUSTARD_API_URL).',
    cause,
  });
}

function notUnderstood(url: URL): CustardError {
  return new CustardError('PROTOCOL_ERROR', `${url.origin} sent something this version does not understand.`, {
    hint: 'Bring the CLI and the server to the same version.',
  });
}
