import { CustardError, type ErrorCode, fromWireError, type WireError } from '#core/errors.ts';

/** An error that a server told, with the id by which the server's log knows it. */
export class ApiError extends CustardError {
  readonly requestId: string | undefined;

  constructor(wire: WireError, requestId: string | undefined) {
    const { code, message, hint, details } = fromWireError(wire);
    const advice = hint ?? HINTS[code];
    super(code, message, { details, ...(advice === undefined ? {} : { hint: advice }) });
    this.requestId = requestId;
  }
}

/** What to do where the server, which does not know that a terminal is asking, says nothing. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: 'Log in: custard login. Or set CUSTARD_TOKEN to a token of this server.',
  SESSION_EXPIRED: 'Log in again: custard login',
  FORBIDDEN: 'Ask an owner of the organization for the right to do this.',
  RATE_LIMITED: 'Wait a moment and try again.',
  RESULT_TOO_LARGE: 'Ask for fewer rows with --max-rows, or for fewer columns.',
  QUERY_TIMEOUT: 'Give it longer with --timeout, or ask for less.',
  AGENT_OFFLINE: 'Start the agent: `custard connections agent-command NAME` prints the command.',
};
