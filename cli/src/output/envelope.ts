import { type CustardError, ERRORS, isCustardError, toWireError, type WireError } from '#core/errors.ts';
import { safeJson } from './safe.ts';

/** The JSON that `--json` prints: versioned, and additive within a version. */
export function envelope(options: {
  readonly schema: string;
  readonly data: unknown;
  readonly warnings?: readonly string[];
  readonly meta?: Readonly<Record<string, unknown>>;
}): string {
  const { schema, data, warnings = [], meta = {} } = options;
  return `${safeJson(JSON.stringify({ schema, data, warnings, meta }))}\n`;
}

export function errorEnvelope(error: CustardError, requestId: string | undefined): string {
  return `${safeJson(JSON.stringify({ schema: 'custard.error/1', error: errorBody(error, requestId) }))}\n`;
}

/** As the last line of custard.event/1. */
export function errorEvent(error: CustardError, requestId: string | undefined): string {
  const body = { type: 'error', error: errorBody(error, undefined), request_id: requestId ?? '' };
  return `${safeJson(JSON.stringify(body))}\n`;
}

function errorBody(error: CustardError, requestId: string | undefined): WireError & { retryable: boolean } {
  return {
    ...toWireError(error),
    retryable: ERRORS[error.code].retryable,
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

/** Recognised by shape, as in core/errors.ts. */
export function requestIdOf(error: unknown): string | undefined {
  return isCustardError(error) && 'requestId' in error && typeof error.requestId === 'string'
    ? error.requestId
    : undefined;
}
