import { CustardError, type ErrorCode, type Position } from '#core/errors.ts';
import { type TlsNames, tlsFailure } from '../tls-failures.ts';
import type { ServerError } from './packets.ts';
import { tlsErrorCode } from './tls-error-code.ts';

interface Translation {
  readonly code: ErrorCode;
  readonly hint?: string;
  /** Said instead of the server's own message, where that quotes the statement or its values. */
  readonly message?: string;
}

const SEE_SCHEMA = 'See what there is with: custard schema list';
const UNREACHABLE: Translation = {
  code: 'DATABASE_UNREACHABLE',
  hint: 'Try again in a moment; if it stays, look at the server.',
};
const READ_ONLY: Translation = {
  code: 'NOT_READ_ONLY',
  hint: 'Custard only reads. Run a writing statement with another tool.',
};
const AUTH: Translation = {
  code: 'DATABASE_AUTH_FAILED',
  hint: 'Check user and password, that the account may log in from this address, and whether it demands TLS (DB_SSLMODE=require) or a client certificate (DB_SSLCERT and DB_SSLKEY, in the URL ssl-cert and ssl-key).',
};
const NO_RIGHT: Translation = {
  code: 'PERMISSION_DENIED',
  hint: 'Grant the account SELECT on it, or ask something else.',
};
const INVALID: Translation = { code: 'STATEMENT_INVALID', message: 'The server does not understand the statement.' };
const NO_TABLE: Translation = { code: 'RELATION_NOT_FOUND', hint: SEE_SCHEMA };
const INTERRUPTED: Translation = { code: 'QUERY_CANCELED', hint: 'It was canceled in the database, not by Custard.' };
const TIMED_OUT: Translation = { code: 'QUERY_TIMEOUT', hint: 'Ask for less, or allow it more time with --timeout.' };
const TLS_DEMANDED: Translation = {
  code: 'DATABASE_AUTH_FAILED',
  hint: 'Set DB_SSLMODE=require, or ssl-mode=REQUIRED in the URL.',
};
const VALUE: Translation = {
  code: 'QUERY_FAILED',
  message: 'A value of the statement or of the data is not right for what it is used for.',
  hint: 'Look at the types of the columns and of the literals.',
};

/** By error number. https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html, https://mariadb.com/kb/en/mariadb-error-codes/ */
const TRANSLATIONS: Readonly<Record<number, Translation>> = {
  1040: { ...UNREACHABLE, hint: 'The server has no connection left. Try again in a moment.' },
  1044: NO_RIGHT,
  1045: AUTH,
  1046: { code: 'STATEMENT_INVALID', hint: 'Put the database at the end of the URL, or write database.table.' },
  1049: {
    code: 'DATABASE_NOT_FOUND',
    hint: 'Check the database name at the end of the URL, or DB_NAME, and that the account may use it.',
  },
  1051: NO_TABLE,
  1053: UNREACHABLE,
  1054: { code: 'COLUMN_NOT_FOUND', hint: 'See its columns with: custard schema show TABLE' },
  1064: INVALID,
  1065: { code: 'STATEMENT_INVALID', message: 'There is no statement.' },
  1105: VALUE,
  1109: NO_TABLE,
  1129: { ...UNREACHABLE, hint: 'The server blocks this host after too many failed connections (FLUSH HOSTS).' },
  1130: AUTH,
  1142: NO_RIGHT,
  1143: NO_RIGHT,
  1146: NO_TABLE,
  1149: INVALID,
  1203: { ...UNREACHABLE, hint: 'The account has no connection left. Try again in a moment.' },
  1205: { code: 'QUERY_TIMEOUT', hint: 'Another session holds a lock on the table. Try again in a moment.' },
  1226: { ...UNREACHABLE, hint: 'The account has used up what it may use in an hour.' },
  1227: NO_RIGHT,
  1251: AUTH,
  1292: VALUE,
  1290: READ_ONLY,
  1317: INTERRUPTED,
  1356: { code: 'QUERY_FAILED', hint: 'The view is broken, or its maker may not read what it reads.' },
  1370: NO_RIGHT,
  1366: VALUE,
  1367: VALUE,
  1411: VALUE,
  1525: VALUE,
  1690: VALUE,
  1698: AUTH,
  1792: READ_ONLY,
  1836: READ_ONLY,
  1916: VALUE,
  1969: TIMED_OUT,
  2013: UNREACHABLE,
  3024: TIMED_OUT,
  3141: VALUE,
  3143: VALUE,
  3159: TLS_DEMANDED,
  4025: VALUE,
  4031: UNREACHABLE,
  4038: VALUE,
};

/** By the class of the SQLSTATE, for numbers that are not listed. */
const CLASSES: Readonly<Record<string, Translation>> = { '08': UNREACHABLE, '22': VALUE, '28': AUTH };

/** An error the server reported; `statement` is the text it was about. */
export function fromServerError(error: ServerError, statement?: string): CustardError {
  const translation = TRANSLATIONS[error.code] ?? CLASSES[error.state.slice(0, 2)] ?? { code: 'QUERY_FAILED' };
  const where = statement === undefined || error.code !== SYNTAX_ERROR ? null : placeOf(error.message, statement);
  return new CustardError(translation.code, translation.message ?? withoutLiterals(error.message), {
    cause: error,
    details: { engineCode: String(error.code), ...(where === null ? {} : { where }) },
    ...(translation.hint === undefined ? {} : { hint: translation.hint }),
  });
}

const SYNTAX_ERROR = 1064;
/** Who may see no other databases is told so of one that does not exist, too. */
const NO_RIGHT_ON_DATABASE = 1044;
const UNKNOWN_DATABASE = 1049;
/** The server quotes so much of the statement, from where it gave up. */
const QUOTED = /near '(.*)' at line (\d+)$/s;

/** Where the rest that the server quotes begins in the statement; null where that is not certain. */
function placeOf(message: string, statement: string): Position | null {
  const [, near, line] = QUOTED.exec(message) ?? [];
  if (near === undefined || line === undefined) return null;
  const offset = near === '' ? statement.trimEnd().length : statement.indexOf(near);
  if (offset < 0 || (near !== '' && statement.indexOf(near, offset + 1) >= 0)) return null;
  const before = [...statement.slice(0, offset)];
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.filter((character) => character === '\n').length + 1, column: before.length - lineStart + 1 };
}

/**
 * Names stand in ' and ` alike, and what is a value cannot be told from a name; the messages that are not replaced
 * above name objects. A text that is longer than a name can be is no name.
 */
const withoutLiterals = (message: string): string => message.replaceAll(/'[^']{65,}'|"[^"]{65,}"/g, "'…'");

export const connectionLost = (cause?: unknown): CustardError =>
  new CustardError('DATABASE_UNREACHABLE', 'The connection to the database was lost while the query ran.', {
    hint: 'The server restarted, ended the session, or the network failed. Run it again.',
    cause,
  });

export const brokenProtocol = (cause?: unknown): CustardError =>
  new CustardError('DATABASE_UNREACHABLE', 'The database sent what is not the MySQL protocol.', {
    hint: 'Check that host and port are those of a MySQL or MariaDB server.',
    cause,
  });

/** What went wrong before there was a session. `address` is where it was tried, without secrets. */
export function fromConnectError(error: unknown, address: string): CustardError {
  const [given, errno, sqlState] = ['code', 'errno', 'sqlState'].map((name): unknown =>
    error instanceof Error ? Reflect.get(error, name) : undefined,
  );
  const code = tlsErrorCode(error, given);
  if (typeof errno === 'number' && errno > 0 && error instanceof Error) {
    return fromServerError({
      code: errno === NO_RIGHT_ON_DATABASE ? UNKNOWN_DATABASE : errno,
      state: typeof sqlState === 'string' ? sqlState : 'HY000',
      message: error.message,
    });
  }
  const { message, hint } = CONNECT_FAILURES[String(code)] ?? tlsFailure(code, TLS_NAMES) ?? NO_ANSWER;
  return new CustardError('DATABASE_UNREACHABLE', `${address}: ${message}`, {
    hint,
    cause: error,
    ...(typeof code === 'string' ? { details: { engineCode: code } } : {}),
  });
}

interface Failure {
  readonly message: string;
  readonly hint: string;
}

const NO_ANSWER: Failure = {
  message: 'the database could not be reached.',
  hint: 'Check host and port, and that the server speaks the MySQL protocol.',
};
/** As MySQL's own clients have them. */
const TLS_NAMES: TlsNames = { mode: 'ssl-mode', ca: 'ssl-ca', cert: 'ssl-cert', key: 'ssl-key' };
const CHECK_NETWORK = 'Check the address, and that a firewall lets this machine through.';
const CONNECT_FAILURES: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: { message: 'nothing listens there.', hint: 'Check host and port, and that the server is running.' },
  ENOENT: { message: 'there is no socket there.', hint: 'Check the path of the socket.' },
  ENOTFOUND: { message: 'no such host.', hint: 'Check the host name.' },
  EAI_AGAIN: {
    message: 'the host name could not be looked up.',
    hint: 'Check the name and the network of this machine.',
  },
  ETIMEDOUT: { message: 'the server did not answer in time.', hint: CHECK_NETWORK },
  EHOSTUNREACH: { message: 'there is no way to that host.', hint: CHECK_NETWORK },
  ENETUNREACH: { message: 'there is no way to that network.', hint: CHECK_NETWORK },
  ECONNRESET: { message: 'the server closed the connection.', hint: CHECK_NETWORK },
  PROTOCOL_CONNECTION_LOST: { message: 'the server closed the connection.', hint: CHECK_NETWORK },
  HANDSHAKE_NO_SSL_SUPPORT: {
    message: 'the server has no TLS.',
    hint: 'Set it up there, or set DB_SSLMODE=prefer (ssl-mode=PREFERRED in the URL) on a network that you trust.',
  },
};
