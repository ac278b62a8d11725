import { CustardError, isErrorCode } from '#core/errors.ts';
import { shownUrl } from './shown-url.ts';

/** What ends or prevents a connection to the control plane, in words for the agent's log. */

export function unreachable(url: string, cause?: Error): CustardError {
  const code = cause !== undefined && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new CustardError('SERVER_UNREACHABLE', `No connection to the control plane at ${shownUrl(url)}${code}.`, {
    hint: 'Check BACKEND_WEBSOCKET_URI and that the control plane runs; the agent keeps trying.',
    cause,
  });
}

export function silent(url: string): CustardError {
  return new CustardError('SERVER_UNREACHABLE', `The control plane at ${shownUrl(url)} has gone silent.`, {
    hint: 'The agent reconnects by itself.',
  });
}

export function notReading(url: string): CustardError {
  return new CustardError(
    'SERVER_UNREACHABLE',
    `The control plane at ${shownUrl(url)} does not read what it asked for.`,
    {
      hint: 'The agent reconnects by itself.',
    },
  );
}

export function notUnderstood(): CustardError {
  return new CustardError('PROTOCOL_ERROR', 'The control plane sent a message this agent does not understand.', {
    hint: 'Bring the agent and the control plane to the same version.',
  });
}

/** `type`: of the message. */
export function tooLargeMessage(type: string): CustardError {
  return new CustardError('RESULT_TOO_LARGE', `What the database says ("${type}") is larger than a message may be.`, {
    hint: 'Ask for fewer columns or for less at once.',
  });
}

/**
 * An upgrade answered by an HTTP status. Only the control plane's own header is believed to be final:
 * a proxy in front of it that answers 404 while it restarts must not end the agent.
 */
export function refused(url: string, status: number, named: string | string[] | undefined): CustardError {
  const code = isErrorCode(named) ? named : 'SERVER_UNREACHABLE';
  return new CustardError(code, `The control plane at ${shownUrl(url)} refused this agent (HTTP ${status}).`, {
    hint: HINTS[code] ?? 'The agent keeps trying.',
  });
}

const HINTS: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'Check AGENT_ID and CUSTARD_API_KEY: the key is the one `custard connections create` showed.',
  NOT_FOUND: 'Check BACKEND_WEBSOCKET_URI: its path is /api/v1/connections/ws/{agent_id}.',
};
