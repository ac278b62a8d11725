import { CustardError, type ErrorCode, type Position } from '#core/errors.ts';
import { canceled } from '../run-errors.ts';

interface Translation {
  readonly code: ErrorCode;
  readonly hint?: string;
}

const SEE_SCHEMA = 'See what there is with: custard schema list';
const CHECK_LOGIN =
  'Check account, user, and password, key (SNOWFLAKE_PRIVATE_KEY_FILE) or token (SNOWFLAKE_TOKEN), and the network policy of the account.';
const CHECK_NAMES = 'Check database, schema, warehouse and role in the URL, and what the user has been granted.';
const RUN_AGAIN = 'The session has ended. Run it again.';

/** By the server's code. */
const BY_CODE: Readonly<Record<string, Translation>> = {
  '000008': { code: 'MULTIPLE_STATEMENTS', hint: 'Send them one by one.' },
  '000604': { code: 'QUERY_CANCELED', hint: 'It was canceled in the database, not by Custard.' },
  '000606': {
    code: 'QUERY_FAILED',
    hint: 'Name a warehouse in the URL (?warehouse=NAME) and grant its USAGE to the role.',
  },
  '000630': {
    code: 'QUERY_TIMEOUT',
    hint: 'Ask for less (a filter, a shorter period), or allow it more time with --timeout.',
  },
  '000904': { code: 'COLUMN_NOT_FOUND', hint: 'See its columns with: custard schema show TABLE' },
  '001003': { code: 'STATEMENT_INVALID' },
  '002003': { code: 'RELATION_NOT_FOUND', hint: SEE_SCHEMA },
  '002043': { code: 'RELATION_NOT_FOUND', hint: SEE_SCHEMA },
  '003001': { code: 'PERMISSION_DENIED', hint: 'Grant the role SELECT on it, or ask something else.' },
  '390111': { code: 'DATABASE_UNREACHABLE', hint: RUN_AGAIN },
  '390112': { code: 'DATABASE_UNREACHABLE', hint: RUN_AGAIN },
  '390189': { code: 'DATABASE_AUTH_FAILED', hint: CHECK_NAMES },
  '390201': { code: 'DATABASE_NOT_FOUND', hint: CHECK_NAMES },
};
/** All that is about who may log in. */
const AUTHENTICATION = /^39[0-9]{4}$/;

interface DriverError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly data: unknown;
}

function driverError(error: unknown): DriverError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const { code, data } = Object(error) as { readonly code?: unknown; readonly data?: unknown };
  return { name, code: String(code ?? ''), message, data };
}

/** What the driver reports of a statement; `statement` is the text a position counts in. */
export function fromDriverError(error: unknown, statement?: string): CustardError {
  if (error instanceof CustardError) return error;
  const { name, code, message, data } = driverError(error);
  if (name !== 'OperationFailedError') return unreachable(error);
  const translation =
    BY_CODE[code] ??
    (AUTHENTICATION.test(code) ? { code: 'DATABASE_AUTH_FAILED', hint: CHECK_LOGIN } : { code: 'QUERY_FAILED' });
  const where = statement === undefined ? undefined : positionOf(statement, message, data);
  return new CustardError(translation.code, withoutValues(code, message), {
    cause: error,
    details: { engineCode: code, ...(where === undefined ? {} : { where }) },
    ...(translation.hint === undefined ? {} : { hint: translation.hint }),
  });
}

/** Of these the quoted text is a name; of all others it may be a value out of the statement or the data. */
const NAMING: ReadonlySet<string> = new Set(['000904', '002003', '002043', '003001', '390189', '390201']);

function withoutValues(code: string, message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  const text = NAMING.has(code) ? line : line.replace(/'.*'/g, "'…'");
  return text === '' ? 'Snowflake reported an error.' : text;
}

/** The server says the line from 1 and the place in it from 0. */
function positionOf(statement: string, message: string, data: unknown): Position | undefined {
  const { line, pos } = Object(data) as { readonly line?: unknown; readonly pos?: unknown };
  const said = /\bline (\d+) at position (\d+)/.exec(message);
  const place =
    said === null
      ? { line: Number(line), column: Number(pos) + 1 }
      : { line: Number(said[1]), column: Number(said[2]) + 1 };
  const isThere = place.line >= 1 && place.column >= 1 && place.line <= statement.split('\n').length;
  return isThere ? place : undefined;
}

const unreachable = (error: unknown): CustardError => {
  const { code, message } = driverError(error);
  return new CustardError('DATABASE_UNREACHABLE', `Snowflake could not be reached: ${reasonOf(error) ?? message}`, {
    hint: 'Check the account in the URL, and that this machine may open connections to it and to the storage that results are read from.',
    cause: error,
    ...(code === '' ? {} : { details: { engineCode: code } }),
  });
};

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host.',
  EAI_AGAIN: 'the host name could not be looked up.',
  ECONNREFUSED: 'nothing listens there.',
  ECONNRESET: 'the connection was closed.',
  ETIMEDOUT: 'it did not answer in time.',
  ECONNABORTED: 'it did not answer in time.',
};

function reasonOf(error: unknown): string | undefined {
  const { cause, response } = Object(error) as { readonly cause?: unknown; readonly response?: unknown };
  const { status } = Object(response) as { readonly status?: unknown };
  if (typeof status === 'number') return `it answered with HTTP status ${status}.`;
  return REASONS[driverError(cause).code] ?? REASONS[driverError(error).code];
}

export const neverAnswered = (): CustardError =>
  new CustardError('DATABASE_UNREACHABLE', 'Snowflake could not be reached: it did not answer in time.', {
    hint: 'Check the account in the URL, and that a firewall lets this machine through.',
  });

/** For work that a signal ended. */
export const abortedBy = (signal: AbortSignal): CustardError => canceled(signal.reason);
