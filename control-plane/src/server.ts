import { createServer, type Server, type ServerOptions } from 'node:http';
import type { Logger } from 'pino';
import type { DbType } from '#core/dialects.ts';
import { CustardError } from '#core/errors.ts';
import { DRAIN_MS } from '#core/protocol/limits.ts';
import { createAgentGateway, type GatewayDependencies, type RunningGateway } from './agent-gateway.ts';
import { createApp } from './app.ts';
import { type Database, openDatabase } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import type { Config } from './env.ts';
import { markLostQueries } from './history/lost-queries.ts';
import { createFirstToken, ensureOwner } from './identity/bootstrap.ts';
import { writeFirstToken } from './identity/first-token-file.ts';
import type { Principal } from './identity/principal.ts';
import { admitLocalAgent, type LocalAgent } from './local-agent.ts';
import { attachStatusSocket } from './routes/status/status-socket.ts';
import { createServices, type ServiceOptions, type Services } from './services.ts';
import { openAccessTokens, type StartedAccounts, startAccounts } from './start-accounts.ts';

export interface StartServerOptions {
  readonly config: Config;
  /** Custard's version, as told by /health and to agents. */
  readonly version: string;
  readonly logger: Logger;
  /** A token (see identity/secret-key.ts) for the process that embeds the server; no bootstrap token is made then. */
  readonly ownToken?: string;
  /** Tests put a gateway without agents here. */
  readonly createGateway?: (dependencies: GatewayDependencies) => RunningGateway;
  readonly limits?: Partial<ServerLimits>;
}

/** Milliseconds. */
interface ServerLimits {
  /** How long a stream's first events wait for one that tells how the query goes (see send-stream.ts). */
  readonly holdMs: number;
  /** How long a question waits for a schema that is being loaded. */
  readonly schemaWaitMs: number;
  /** How long a client may stop reading; CLIENT_STALL_MS unless a test says otherwise. */
  readonly stallMs: number;
  /** How long queries under way get when the server closes. */
  readonly drainMs: number;
}

const LIMITS = { holdMs: 300, schemaWaitMs: 20_000, drainMs: DRAIN_MS };

/** Clients that never finish asking (Node's own 60 s and 300 s are generous to them). */
const HTTP: ServerOptions = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  // Clients that offer HTTP/2 (Upgrade: h2c) take HTTP/1.1 too; they did not ask for an agent's link.
  shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
};

export interface RunningServer {
  readonly url: string;
  /** Of the first start, this once; null ever after. */
  readonly bootstrapToken: string | null;
  /** Makes or finds a connection and lets an agent of this process in. */
  admitLocalAgent(wanted: { readonly name: string; readonly dbType: DbType }): Promise<LocalAgent>;
  /** Takes no more requests, lets those under way finish (bounded), then ends. */
  close(): Promise<void>;
}

/** Throws CONFIG_INVALID when the address is taken or the database is not one of Custard. */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { config, logger, ownToken } = options;
  const limits: ServerLimits = { ...LIMITS, stallMs: config.clientStallMs, ...options.limits };
  const database = await openDatabase(config.databaseUrl);
  const http = createServer(HTTP);
  let accounts: StartedAccounts | null = null;
  try {
    const owner = await prepare(database, logger);
    const accessTokens = await openAccessTokens(database, config, ownToken !== undefined);
    const services = wire({ ...options, database, http, owner, accessTokens, limits });
    const statusSocket = attachStatusSocket({
      ...{ server: http, board: services.statusBoard, live: services.live },
      authenticate: (header) => services.authenticator.authenticate(header),
      onBug: (error) => logger.error({ error }, 'a bug'),
    });
    let ready = true;
    let url = '';
    const publicUrl = (): string => config.publicUrl ?? url;
    if (ownToken === undefined)
      accounts = await startAccounts({ database, config, logger, accessTokens, services, publicUrl });
    const app = createApp({
      ...{ database, ...services, logger, version: options.version, ...limits, isReady: () => ready },
      ...{ trustedProxies: config.trustedProxies, corsOrigins: config.corsOrigins },
      ...{ mountAccounts: accounts?.mount ?? null, errorPages: accounts?.errorPages ?? null },
    });
    http.on('request', app.callback());
    url = await listen(http, config);
    accounts?.start();
    http.on('error', (error) => logger.error({ error }, 'a connection could not be taken'));
    const bootstrapToken = ownToken === undefined ? await firstToken(database, config) : null;
    logger.info({ url, database: database.engine }, 'listening');
    const close = async (): Promise<void> => {
      ready = false;
      statusSocket.close();
      await shutDown(http, services, limits.drainMs);
      await accounts?.close();
      await services.close();
      await database.close();
    };
    return {
      ...{ url, bootstrapToken, close: once(close) },
      admitLocalAgent: (wanted) => admitLocalAgent(wanted, owner.organizationId, services),
    };
  } catch (error) {
    http.close();
    await accounts?.close();
    await database.close();
    throw error;
  }
}

function wire(
  options: StartServerOptions &
    Pick<ServiceOptions, 'database' | 'accessTokens' | 'limits'> & { http: Server; owner: Principal },
): Services {
  const { database, config, logger, limits, accessTokens, ownToken, owner, http: server, version } = options;
  return createServices({
    ...{ database, config, logger, limits, accessTokens },
    ownToken: ownToken === undefined ? null : { token: ownToken, principal: owner },
    createGateway: (hooks) =>
      (options.createGateway ?? createAgentGateway)({ server, serverVersion: version, ...hooks }),
  });
}

async function prepare(database: Database, logger: Logger): Promise<Principal> {
  await reach(database);
  await migrate(database);
  const lost = await markLostQueries(database);
  if (lost > 0) logger.warn({ lost }, 'queries of a process that died are marked lost');
  return await ensureOwner(database);
}

async function firstToken(database: Database, { firstTokenFile: file }: Config): Promise<string | null> {
  return await createFirstToken(database, async (token) => {
    if (file !== null) await writeFirstToken(file, token);
  });
}

async function reach({ knex }: Database): Promise<void> {
  try {
    await knex.raw('SELECT 1');
  } catch (error) {
    throw new CustardError('CONFIG_INVALID', 'The database DATABASE_URL names cannot be opened.', {
      hint: 'Check that it is there, that it runs, and that user and password are right.',
      cause: error,
    });
  }
}

const LISTEN_HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program is using it: set PORT to a free one, or to 0 for any.',
  EADDRNOTAVAIL: 'No network of this machine has that address: set HOST to one of its own, or to 0.0.0.0 for all.',
  EACCES: 'Ports below 1024 are for root: set PORT to a higher one.',
  ENOTFOUND: 'Nobody knows that name: set HOST to an address of this machine.',
};

function listen(http: Server, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new CustardError('CONFIG_INVALID', `Cannot listen on ${host}:${port}.`, {
          hint: LISTEN_HINTS[error.code ?? ''] ?? 'Check HOST and PORT.',
          cause: error,
        }),
      );
    });
    http.listen(port, host, () => {
      const address = http.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}

/** The order matters: what is under way still needs agents, and its end still needs the database. */
async function shutDown(http: Server, services: Services, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  http.closeIdleConnections();
  await services.inFlight.drain(drainMs, restarting());
  await services.gateway.drain();
  http.closeAllConnections();
  await closed;
}

function restarting(): CustardError {
  return new CustardError('SERVER_RESTARTING', 'The control plane is going down, and the query was stopped.', {
    hint: 'Ask again in a moment.',
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
