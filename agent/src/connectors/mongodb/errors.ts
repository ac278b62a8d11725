import { CustardError, type ErrorCode, isCustardError } from '#core/errors.ts';
import { type TlsNames, tlsFailure } from '../tls-failures.ts';

interface Translation {
  readonly code: ErrorCode;
  readonly hint?: string;
}

const SEE_SCHEMA = 'See what there is with: custard schema list';
const AUTH: Translation = {
  code: 'DATABASE_AUTH_FAILED',
  hint: 'Check user and password. Where the user was made in another database, name it: ?authSource=admin',
};
const UNREACHABLE: Translation = {
  code: 'DATABASE_UNREACHABLE',
  hint: 'Try again in a moment; if it stays, look at the server.',
};
const TIMEOUT: Translation = {
  code: 'QUERY_TIMEOUT',
  hint: 'Ask for less (a filter, a shorter period), or allow it more time with --timeout.',
};
const STOPPED: Translation = { code: 'QUERY_CANCELED', hint: 'It was canceled in the database, not by Custard.' };
const INVALID: Translation = { code: 'STATEMENT_INVALID' };

/** By the server's code. https://www.mongodb.com/docs/manual/reference/error-codes/ */
const TRANSLATIONS: Readonly<Record<number, Translation>> = {
  6: UNREACHABLE,
  7: UNREACHABLE,
  9: INVALID,
  11: AUTH,
  13: { code: 'PERMISSION_DENIED', hint: 'Grant the user the role read on the database, or ask something else.' },
  18: AUTH,
  26: { code: 'RELATION_NOT_FOUND', hint: SEE_SCHEMA },
  43: { code: 'QUERY_FAILED', hint: 'The server closed the cursor. Run it again.' },
  50: TIMEOUT,
  89: UNREACHABLE,
  91: UNREACHABLE,
  202: TIMEOUT,
  262: TIMEOUT,
  168: INVALID,
  292: { code: 'QUERY_FAILED', hint: 'It needs more memory than a stage may have. Filter before it sorts or groups.' },
  8000: AUTH,
  10107: UNREACHABLE,
  10334: { code: 'RESULT_TOO_LARGE', hint: 'A document would be larger than 16 MiB. Leave out its largest fields.' },
  11600: UNREACHABLE,
  11601: STOPPED,
  11602: UNREACHABLE,
  13388: UNREACHABLE,
  13435: UNREACHABLE,
  13436: UNREACHABLE,
  40324: INVALID,
};

/** The driver's errors are told apart by their names: its classes belong to a package that may be another copy. */
export function fromDriverError(error: unknown): unknown {
  if (isCustardError(error) || !(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  if (error.name === 'MongoServerError' || error.name === 'MongoWriteConcernError') return fromServer(error, code);
  if (error.name === 'MongoServerSelectionError') return unreachable(error, innermost(error));
  if (error.name === 'MongoWaitQueueTimeoutError') {
    return new CustardError('AGENT_BUSY', 'All connections to the database are in use.', {
      hint: 'Try again in a moment.',
      cause: error,
    });
  }
  if (
    /^MongoNetwork|^PoolClearedOnNetwork|^MongoPoolCleared|^MongoNotConnected|^MongoTopologyClosed/.test(error.name)
  ) {
    return connectionLost(error);
  }
  if (error.name.startsWith('BSON')) {
    return new CustardError('QUERY_FAILED', 'A document or a value could not be read: it is not what BSON allows.', {
      hint: 'Leave the field out that holds it.',
      cause: error,
    });
  }
  return error.name.startsWith('Mongo') ? unusable(error) : error;
}

function fromServer(error: Error, code: unknown): CustardError {
  const { code: translated, hint } = TRANSLATIONS[Number(code)] ?? { code: 'QUERY_FAILED' as const };
  return new CustardError(translated, withoutCommand(error.message), {
    cause: error,
    details: { engineCode: String(code) },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Where a right is missing, the server quotes the whole command, and with it what is looked for. */
const withoutCommand = (message: string): string => message.replace(/ to execute command [\s\S]*$/, '');

const connectionLost = (cause: unknown): CustardError =>
  new CustardError('DATABASE_UNREACHABLE', 'The connection to the database was lost.', {
    hint: 'The server restarted, or the network failed. Run it again.',
    cause,
  });

/** What the driver says of its settings may quote them, and with them a secret. */
const unusable = (cause: Error): CustardError =>
  new CustardError('CONFIG_INVALID', 'The driver for MongoDB does not take these settings.', {
    hint: 'Check the options of the URL, and whether the way of authentication needs a package that is not installed.',
    cause,
  });

/** The system's own code, however deep the driver has put it. */
function innermost(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Object && depth < 8; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = causeOf(at);
  }
  return '';
}

function causeOf(error: object): unknown {
  if ('cause' in error && error.cause instanceof Error) return error.cause;
  const reason = 'reason' in error ? error.reason : undefined;
  if (reason instanceof Object && 'servers' in reason && reason.servers instanceof Map) {
    return [...reason.servers.values()].map((server: { readonly error?: unknown }) => server.error).find(Boolean);
  }
  return 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined;
}

const CHECK_NETWORK = 'Check the address, and that a firewall (for Atlas: its access list) lets this machine through.';
const FAILURES: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['nothing listens there.', 'Check host and port, and that MongoDB is running.'],
  ENOTFOUND: ['no such host.', 'Check the host name.'],
  ENODATA: ['the host has no SRV record.', 'Check the host name, or write mongodb:// with all hosts.'],
  EAI_AGAIN: ['the host name could not be looked up.', 'Check the name and the network of this machine.'],
  ETIMEDOUT: ['the server did not answer in time.', CHECK_NETWORK],
  ECONNRESET: [
    'the server closed the connection.',
    `${CHECK_NETWORK} A server with TLS needs DB_SSLMODE=verify-full, or tls=true in the URL; one that demands a client certificate, DB_SSLCERT and DB_SSLKEY.`,
  ],
};

/** As the URL has them. */
const TLS_NAMES: TlsNames = {
  mode: 'tls',
  ca: 'tlsCAFile',
  cert: 'tlsCertificateKeyFile',
  key: 'tlsCertificateKeyFile',
};

/** @param code the system's, where there is one */
export function unreachable(cause: unknown, code = innermost(cause)): CustardError {
  const tls = tlsFailure(code, TLS_NAMES);
  const [what, hint] = FAILURES[code] ?? [
    tls?.message ?? 'no server answered that can be read from.',
    tls?.hint ?? `${CHECK_NETWORK} Check replicaSet, readPreference and DB_SSLMODE (tls in the URL) too.`,
  ];
  return new CustardError('DATABASE_UNREACHABLE', `MongoDB: ${what}`, {
    hint,
    cause,
    ...(code === '' ? {} : { details: { engineCode: code } }),
  });
}
