import { Client } from 'pg';
import { CustardError } from '#core/errors.ts';
import { currentPassword } from '../password-file.ts';
import { canceled } from '../run-errors.ts';
import type { PostgresSettings } from '../settings.ts';
import { ChannelBindingCheck } from './channel-binding.ts';
import { fromConnectError } from './errors.ts';
import { ReadingSocket } from './reading-socket.ts';
import { Session } from './session.ts';
import { tlsOptions } from './tls-options.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_AFTER_MS = 30_000;

/**
 * Opens a session. `pg` does what is its own: reaching the server, TLS, authentication; from then on
 * the session reads the socket itself. Throws DATABASE_UNREACHABLE, DATABASE_AUTH_FAILED or
 * DATABASE_NOT_FOUND, and QUERY_CANCELED when the signal is aborted.
 */
export async function connect(settings: PostgresSettings, signal: AbortSignal): Promise<Session> {
  const address = settings.host.startsWith('/') ? settings.host : `${settings.host}:${settings.port}`;
  const timeout = AbortSignal.timeout(settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS);
  try {
    return await attemptAll(settings, AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (error instanceof CustardError) throw error;
    if (signal.aborted) throw canceled(error);
    if (timeout.aborted) throw fromConnectError(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }), address);
    throw fromConnectError(error, address);
  }
}

async function attemptAll(settings: PostgresSettings, signal: AbortSignal): Promise<Session> {
  const tls = await tlsOptions(settings);
  if (tls === false || settings.sslmode !== 'prefer') return await attempt(settings, tls, signal);
  try {
    return await attempt(settings, tls, signal);
  } catch (error) {
    if (signal.aborted || !mayWorkWithoutTls(error)) throw error;
    return await attempt(settings, false, signal).catch((second: unknown) => {
      // Both ways are refused: what the server says of the encrypted one is what can be helped.
      throw hasCode(second, REFUSED) && hasCode(error, REFUSED) ? error : second;
    });
  }
}

const REFUSED = '28000';
const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/**
 * As libpq's `prefer`: without TLS when the server has none (pg's error for that is the one that
 * carries no code), or when its rules refuse this user's encrypted connections (28000). What is wrong with our own
 * settings stays wrong.
 */
function mayWorkWithoutTls(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof CustardError) return false;
  return !('code' in error) || error.code === undefined || error.code === REFUSED;
}

async function attempt(
  settings: PostgresSettings,
  tls: Awaited<ReturnType<typeof tlsOptions>>,
  signal: AbortSignal,
): Promise<Session> {
  signal.throwIfAborted();
  const { host, port, user, database, options, applicationName = 'custard' } = settings;
  const reading = new ReadingSocket();
  const binding = new ChannelBindingCheck(settings);
  const client = new Client({
    stream: () => reading.socket,
    host,
    port,
    user,
    database,
    ssl: tls,
    application_name: applicationName,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    // As asked for only: where something between ends TLS and begins it anew, binding fails.
    enableChannelBinding: (settings.channelBinding ?? 'disable') !== 'disable',
    password: async () => {
      binding.beforePassword();
      return await passwordOf(settings);
    },
    ...(options === undefined ? {} : { options }),
  });
  const parameters = new Map<string, string>();
  client.connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    parameters.set(message.parameterName, message.parameterValue);
  });
  binding.watch(client);
  // What happens to the socket later reaches the session by its own listeners.
  client.on('error', () => undefined);
  const abort = () => client.connection.stream.destroy(new Error('The connection attempt was given up.'));
  signal.addEventListener('abort', abort);
  try {
    await client.connect();
    binding.afterLogin();
    return new Session({
      stream: client.connection.stream,
      reading,
      parameters,
      searchPath: settings.searchPath,
      cancelTarget: { host, port, tls, ...keyOf(client) },
    });
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function passwordOf(settings: PostgresSettings): Promise<string> {
  const password = await currentPassword(settings);
  if (password !== undefined) return password;
  throw new CustardError('DATABASE_AUTH_FAILED', 'The server asks for a password, and none is set.', {
    hint: 'Put it into the URL (postgres://user:password@host/database), or set DB_PASSWORD or DB_PASSWORD_FILE; for --db, PGPASSWORD or ~/.pgpass.',
  });
}

/** pg keeps the server's BackendKeyData on the client, but its types do not say so. */
function keyOf(client: object): { readonly processId: number; readonly secretKey: number } {
  const [processId, secretKey] = ['processID', 'secretKey'].map((name): unknown => Reflect.get(client, name));
  // A server that sends none (some poolers) cannot be asked to cancel; 0 matches no session there.
  return {
    processId: typeof processId === 'number' ? processId : 0,
    secretKey: typeof secretKey === 'number' ? secretKey : 0,
  };
}
