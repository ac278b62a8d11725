/**
 * The one error class of all three programs, and the one table of its codes.
 *
 * The table is append-only: scripts match on the codes and on the exit statuses. A message that
 * was made by anything but CustardError never reaches a user: it becomes INTERNAL.
 */

interface ErrorKind {
  /** HTTP status the control plane answers with. */
  readonly status: number;
  /** Exit status of the CLI. */
  readonly exit: number;
  /** Whether the same request may succeed later without anything being changed. */
  readonly retryable: boolean;
}

const kind = (status: number, exit: number, retryable = false): ErrorKind => ({ status, exit, retryable });

export const ERRORS = {
  // What was asked for
  USAGE: kind(400, 2),
  CONFIG_INVALID: kind(500, 2),
  INVALID_REQUEST: kind(400, 2),
  PAYLOAD_TOO_LARGE: kind(413, 2),
  UNAUTHENTICATED: kind(401, 4),
  FORBIDDEN: kind(403, 5),
  NOT_FOUND: kind(404, 6),
  METHOD_NOT_ALLOWED: kind(405, 2),
  CONFLICT: kind(409, 2),
  RATE_LIMITED: kind(429, 3, true),
  // The guard
  NOT_READ_ONLY: kind(422, 5),
  MULTIPLE_STATEMENTS: kind(422, 5),
  FUNCTION_NOT_ALLOWED: kind(422, 5),
  CONSTRUCT_NOT_ALLOWED: kind(422, 5),
  STATEMENT_INVALID: kind(422, 1),
  STATEMENT_TOO_LARGE: kind(422, 2),
  POLICY_DENIED: kind(403, 5),
  // The database
  RELATION_NOT_FOUND: kind(422, 1),
  COLUMN_NOT_FOUND: kind(422, 1),
  PERMISSION_DENIED: kind(422, 5),
  QUERY_FAILED: kind(422, 1),
  QUERY_TIMEOUT: kind(504, 124),
  QUERY_CANCELED: kind(499, 130),
  RESULT_TOO_LARGE: kind(422, 1),
  RESULT_INCOMPLETE: kind(502, 3, true),
  DATABASE_UNREACHABLE: kind(502, 3, true),
  DATABASE_AUTH_FAILED: kind(502, 2),
  DATABASE_NOT_FOUND: kind(502, 2),
  UNSUPPORTED_ENGINE: kind(400, 2),
  FILE_UNREADABLE: kind(422, 2),
  // The ways between the programs
  AGENT_OFFLINE: kind(503, 3, true),
  AGENT_LOST: kind(502, 3, true),
  AGENT_BUSY: kind(503, 3, true),
  SERVER_UNREACHABLE: kind(503, 3, true),
  SERVER_RESTARTING: kind(503, 3, true),
  PROTOCOL_ERROR: kind(502, 3),
  VERSION_UNSUPPORTED: kind(426, 2),
  TIMEOUT: kind(504, 124, true),
  // Answering
  CLARIFICATION_NEEDED: kind(422, 7),
  UNSURE: kind(422, 9),
  NO_MODEL: kind(422, 9),
  MODEL_FAILED: kind(502, 9, true),
  SCHEMA_NOT_READY: kind(503, 3, true),
  // The shell
  EMPTY_RESULT: kind(200, 8),
  OUTPUT_FAILED: kind(500, 1),
  INTERNAL: kind(500, 70),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** Where in the statement, 1-based, counted in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What else a program may need to know of an error. Never a secret, a row or a literal. */
export interface ErrorDetails {
  readonly where?: Position;
  /** CLARIFICATION_NEEDED: what may be answered. */
  readonly choices?: readonly string[];
  /** The statement that failed, where its author is the one who reads the error. */
  readonly sql?: string;
  /** The engine's own code, for example an SQLSTATE. */
  readonly engineCode?: string;
}

interface ErrorOptions {
  /** What to do next, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  readonly details?: ErrorDetails;
}

/** An error as it stands on every wire and in the CLI's JSON envelope. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly details?: ErrorDetails | undefined;
}

export class CustardError extends Error {
  override readonly name = 'CustardError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, { hint, cause, details }: ErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.details = details ?? {};
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}

/** Recognises by shape, not by class, so that an error of another copy of this package counts too. */
export function isCustardError(error: unknown): error is CustardError {
  return error instanceof Error && error.name === 'CustardError' && 'code' in error && isErrorCode(error.code);
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}

/** What may be told to the other side; everything that is not a CustardError is INTERNAL and says nothing. */
export function toWireError(error: unknown): WireError {
  if (!isCustardError(error)) return { code: 'INTERNAL', message: 'Something went wrong inside Custard.' };
  const { code, message, hint, details } = error;
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

/** The other direction; a code this version does not know becomes INTERNAL with its message kept. */
export function fromWireError({ code, message, hint, details }: WireError): CustardError {
  return new CustardError(isErrorCode(code) ? code : 'INTERNAL', message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}
