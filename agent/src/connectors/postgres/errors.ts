import { CustardError, type ErrorCode, type Position } from '#core/errors.ts';
import { type TlsNames, tlsFailure } from '../tls-failures.ts';
import type { ServerError } from './backend-messages.ts';
import { poolerTranslation } from './pooler-errors.ts';

interface Translation {
  readonly code: ErrorCode;
  /** Used where the server gives no hint of its own. */
  readonly hint?: string;
}

const UNREACHABLE: Translation = {
  code: 'DATABASE_UNREACHABLE',
  hint: 'Try again in a moment; if it stays, look at the server.',
};
const SEE_SCHEMA = 'See what there is with: custard schema list';
const READ_ONLY: Translation = {
  code: 'NOT_READ_ONLY',
  hint: 'Custard only reads. Run a writing statement with another tool.',
};

/** By SQLSTATE, or by its class (the first two characters). https://www.postgresql.org/docs/current/errcodes-appendix.html */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  '08': UNREACHABLE,
  '22021': {
    code: 'QUERY_FAILED',
    hint: "The database holds bytes that are not UTF-8. Name their encoding: convert_from(textsend(column), 'LATIN1').",
  },
  '25001': READ_ONLY,
  '25006': READ_ONLY,
  '25P03': { code: 'QUERY_TIMEOUT' },
  '28': {
    code: 'DATABASE_AUTH_FAILED',
    hint: 'Check user and password, what pg_hba.conf allows from this address, and whether it demands TLS (DB_SSLMODE=require) or a client certificate (DB_SSLCERT and DB_SSLKEY, in the URL sslcert and sslkey).',
  },
  '3D000': { code: 'DATABASE_NOT_FOUND', hint: 'Check the database name at the end of the URL, or DB_NAME.' },
  '3F000': { code: 'RELATION_NOT_FOUND', hint: SEE_SCHEMA },
  '42501': { code: 'PERMISSION_DENIED', hint: 'Grant the role SELECT on it, or ask something else.' },
  '42601': { code: 'STATEMENT_INVALID' },
  '42703': { code: 'COLUMN_NOT_FOUND', hint: 'See its columns with: custard schema show TABLE' },
  '42P01': { code: 'RELATION_NOT_FOUND', hint: SEE_SCHEMA },
  '53300': { ...UNREACHABLE, hint: 'The server has no connection left for this role. Try again in a moment.' },
  '55P03': { code: 'QUERY_TIMEOUT', hint: 'Another session holds a lock on the table. Try again in a moment.' },
  '57014': { code: 'QUERY_CANCELED', hint: 'It was canceled in the database, not by Custard.' },
  '57P01': UNREACHABLE,
  '57P02': UNREACHABLE,
  '57P03': UNREACHABLE,
  '57P05': UNREACHABLE,
};

/** An error the server reported; `statement` is the text its position counts in. */
export function fromServerError(error: ServerError, statement?: string): CustardError {
  const ofPooler = poolerTranslation(error.code, error.message);
  const translation = ofPooler ??
    TRANSLATIONS[error.code] ??
    TRANSLATIONS[error.code.slice(0, 2)] ?? { code: 'QUERY_FAILED' };
  const hint = error.hint ?? translation.hint;
  const where =
    statement === undefined || error.position === undefined ? undefined : positionIn(statement, error.position);
  return new CustardError(translation.code, ofPooler?.message ?? error.message, {
    cause: error,
    details: { engineCode: error.code, ...(where === undefined ? {} : { where }) },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** `offset` counts characters, not UTF-16 units, from 1. */
function positionIn(statement: string, offset: number): Position {
  const before = [...statement].slice(0, offset - 1);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.filter((character) => character === '\n').length + 1, column: before.length - lineStart + 1 };
}

export const connectionLost = (cause?: unknown): CustardError =>
  new CustardError('DATABASE_UNREACHABLE', 'The connection to the database was lost while the query ran.', {
    hint: 'The server restarted, ended the session, or the network failed. Run it again.',
    cause,
  });

export const brokenProtocol = (cause?: unknown): CustardError =>
  new CustardError('DATABASE_UNREACHABLE', 'The database sent what is not the PostgreSQL protocol.', {
    hint: 'Check that host and port are those of a PostgreSQL server.',
    cause,
  });

const isSqlState = (code: unknown): code is string => typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);

/** As libpq's URLs have them. */
const TLS_NAMES: TlsNames = { mode: 'sslmode', ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' };

/** What went wrong before there was a session. `address` is where it was tried, without secrets. */
export function fromConnectError(error: unknown, address: string): CustardError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (isSqlState(code) && error instanceof Error) {
    return fromServerError({ severity: 'FATAL', code, message: error.message });
  }
  const { message, hint } = CONNECT_FAILURES[String(code)] ?? tlsFailure(code, TLS_NAMES) ?? unnamed(error);
  return new CustardError('DATABASE_UNREACHABLE', `${address}: ${message}`, {
    hint: isSupabaseDirect(address) ? `${hint} ${SUPABASE_HINT}` : hint,
    cause: error,
    ...(typeof code === 'string' ? { details: { engineCode: code } } : {}),
  });
}

const isSupabaseDirect = (address: string): boolean => /^db\.\w+\.supabase\.co:/.test(address);
const SUPABASE_HINT =
  "Supabase's direct address has IPv6 only: on a network without it, take the URL of its session or transaction pooler.";

interface Failure {
  readonly message: string;
  readonly hint: string;
}

/** pg's own error for a server without TLS has no code, nothing but its text. */
const unnamed = (error: unknown): Failure =>
  error instanceof Error && error.message.includes('does not support SSL') ? NO_TLS : NO_ANSWER;

const NO_TLS: Failure = {
  message: 'the server has no TLS.',
  hint: 'Turn it on there (ssl = on), or set DB_SSLMODE=prefer (sslmode=prefer in the URL) on a network that you trust.',
};
const NO_ANSWER: Failure = {
  message: 'the database could not be reached.',
  hint: 'Check host and port, and that the server speaks PostgreSQL.',
};
const CHECK_NETWORK = 'Check the address, and that a firewall lets this machine through.';
const CONNECT_FAILURES: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: { message: 'nothing listens there.', hint: 'Check host and port, and that PostgreSQL is running.' },
  ENOENT: { message: 'there is no socket there.', hint: 'Check the folder of the socket.' },
  ENOTFOUND: { message: 'no such host.', hint: 'Check the host name.' },
  EAI_AGAIN: {
    message: 'the host name could not be looked up.',
    hint: 'Check the name and the network of this machine.',
  },
  ETIMEDOUT: { message: 'the server did not answer in time.', hint: CHECK_NETWORK },
  EHOSTUNREACH: { message: 'there is no way to that host.', hint: CHECK_NETWORK },
  ENETUNREACH: { message: 'there is no way to that network.', hint: CHECK_NETWORK },
  ECONNRESET: { message: 'the server closed the connection.', hint: CHECK_NETWORK },
};
