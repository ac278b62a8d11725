import type { Connection, ConnectionOptions } from 'mysql2';
import { CustardError } from '#core/errors.ts';
import { currentPassword } from '../password-file.ts';
import { canceled } from '../run-errors.ts';
import type { MysqlSettings } from '../settings.ts';
import { loadDriver } from './driver.ts';
import { fromConnectError } from './errors.ts';
import { serverFacts, streamOf } from './handshake.ts';
import { Session } from './session.ts';
import { type TlsOptions, tlsOptions } from './tls-options.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_AFTER_MS = 30_000;

/**
 * What mysql2 would agree on and the session does not want: files of this machine for the server, several results of
 * one statement, and what changes how queries and answers look.
 */
const FLAGS = ['-LOCAL_FILES', '-MULTI_STATEMENTS', '-MULTI_RESULTS', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES'];

/**
 * Opens a session. mysql2 does what is its own: reaching the server, TLS, authentication; from then on the session reads
 * the socket itself. Throws UNSUPPORTED_ENGINE, DATABASE_UNREACHABLE, DATABASE_AUTH_FAILED or DATABASE_NOT_FOUND, and
 * QUERY_CANCELED when the signal is aborted.
 */
export async function connect(settings: MysqlSettings, signal: AbortSignal): Promise<Session> {
  const address = settings.host.startsWith('/') ? settings.host : `${settings.host}:${settings.port}`;
  const timeout = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  try {
    const tls = await tlsOptions(settings);
    const { connection, encryption } = await attemptAll(settings, tls, AbortSignal.any([signal, timeout]));
    const id = connection.threadId;
    return new Session({
      stream: streamOf(connection),
      server: serverFacts(connection),
      host: settings.host,
      encryption,
      kill: (timeoutMs) => kill(settings, { tls: encryption === 'none' ? false : tls, id, timeoutMs }),
    });
  } catch (error) {
    if (error instanceof CustardError) throw error;
    if (signal.aborted) throw canceled(error);
    if (timeout.aborted) throw fromConnectError(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }), address);
    throw fromConnectError(error, address);
  }
}

interface Attempted {
  readonly connection: Connection;
  readonly encryption: Session['encryption'];
}

/** PREFERRED, as in MySQL's own client: without TLS when the server has none. */
async function attemptAll(settings: MysqlSettings, tls: TlsOptions | false, signal: AbortSignal): Promise<Attempted> {
  if (tls === false) return { connection: await attempt(settings, false, signal), encryption: 'none' };
  const encryption = tls.rejectUnauthorized ? 'verified' : 'unverified';
  try {
    return { connection: await attempt(settings, tls, signal), encryption };
  } catch (error) {
    const hasNone = error instanceof Error && 'code' in error && error.code === 'HANDSHAKE_NO_SSL_SUPPORT';
    if (signal.aborted || settings.sslmode !== 'prefer' || !hasNone) throw error;
    return { connection: await attempt(settings, false, signal), encryption: 'none' };
  }
}

async function attempt(settings: MysqlSettings, tls: TlsOptions | false, signal: AbortSignal): Promise<Connection> {
  const { createConnection } = await loadDriver();
  const password = await currentPassword(settings);
  signal.throwIfAborted();
  const connection = createConnection(connectionOptions({ ...settings, password: password ?? '' }, tls));
  const connected = Promise.withResolvers<Connection>();
  // What happens to the socket later reaches the session by its own listeners.
  connection.on('error', (error: unknown) => connected.reject(error));
  connection.once('connect', () => connected.resolve(connection));
  const abort = () => connected.reject(new Error('The connection attempt was given up.'));
  signal.addEventListener('abort', abort);
  try {
    return await connected.promise;
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function connectionOptions(
  settings: MysqlSettings & { readonly password: string },
  tls: TlsOptions | false,
): ConnectionOptions {
  const { host, port, user, password, database } = settings;
  return {
    ...(host.startsWith('/') ? { socketPath: host } : { host, port }),
    ...(tls === false ? {} : { ssl: { ...tls } }),
    ...(database === null ? {} : { database }),
    user,
    password,
    flags: FLAGS,
    multipleStatements: false,
    charset: 'utf8mb4',
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableKeepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
    connectAttributes: { program_name: 'custard' },
  };
}

interface Target {
  readonly tls: TlsOptions | false;
  readonly id: number;
  readonly timeoutMs: number;
}

/** On a second connection, as the protocol has no other way. An account may always end its own statements. */
async function kill(settings: MysqlSettings, { tls, id, timeoutMs }: Target): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  const connection = await attempt({ ...settings, database: null }, tls, signal);
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('The statement could not be ended in time.')));
      connection.on('error', reject);
      connection.query(`KILL QUERY ${id}`, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    connection.destroy();
  }
}
