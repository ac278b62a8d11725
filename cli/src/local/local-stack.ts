import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedTable } from '#agent/connectors/file/worker-protocol.ts';
import type { DatabaseSettings } from '#agent/connectors/settings.ts';
import { settleConcurrency } from '#agent/limits/concurrency.ts';
import { type RunningAgent, startAgent } from '#agent/main.ts';
import { maskKey } from '#agent/policy/mask-key.ts';
import { parseEnvironment } from '#control-plane/env.ts';
import { createSecretKey } from '#control-plane/identity/secret-key.ts';
import { createLogger } from '#control-plane/logger.ts';
import { type RunningServer, startServer } from '#control-plane/server.ts';
import { CustardError, isCustardError } from '#core/errors.ts';
import { OPEN_POLICY } from '#core/policy/policy.ts';
import { HANDSHAKE_MS, HARD_MAX_RESULT_BYTES, HARD_MAX_ROWS, MAX_TIMEOUT_MS } from '#core/protocol/limits.ts';
import { abortable } from '../abortable.ts';
import type { Environment } from '../config/directories.ts';
import { agentUrl } from '../services/agent-command.ts';
import { localConnection } from './local-connection.ts';
import { openTarget } from './open-target.ts';

/** A control plane and an agent inside this process, for one database. */
export interface LocalStack {
  readonly url: URL;
  /** Known to this process only. */
  readonly token: string;
  readonly connectionId: string;
  /** Of files of data. */
  readonly tables: readonly LoadedTable[];
  /** Cancels what is under way, then ends both. */
  close(): Promise<void>;
}

export interface LocalStackOptions {
  readonly settings: DatabaseSettings;
  /** Holds schema cache and history; other processes may use it at the same time. */
  readonly dataDirectory: string;
  readonly env: Environment;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** For a query that is being cancelled while this process wants to end. */
const DRAIN_MS = 2_000;

/** The three programs in one process: the same code as hosted, over loopback. Errors are the database's own. */
export async function openLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { settings, signal } = options;
  const token = createSecretKey();
  const server = await startLocalServer(options, token);
  try {
    const { connectionId, agent, tables } = await abortable(startLocalAgent({ ...options, server, settings }), signal);
    return {
      url: new URL(server.url),
      token,
      connectionId,
      tables,
      async close() {
        await server.close();
        await agent.stop();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function startLocalServer(
  { dataDirectory, env, version }: LocalStackOptions,
  token: string,
): Promise<RunningServer> {
  await makePrivate(dataDirectory);
  const { OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL, LOG_LEVEL = 'silent' } = env;
  const records = join(dataDirectory, 'local.db');
  const config = parseEnvironment({
    ...{ OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL, LOG_LEVEL },
    ...{ DATABASE_URL: `sqlite:${records}`, HOST: '127.0.0.1', PORT: '0' },
  });
  const starting = startServer({
    config,
    version,
    logger: createLogger(config.logLevel),
    ownToken: token,
    limits: { drainMs: DRAIN_MS },
  });
  return starting.catch((error: unknown) => {
    throw isCustardError(error) && error.code === 'CONFIG_INVALID' ? unusable(records, error) : error;
  });
}

/** The settings are this module's own: what is wrong with them is the file. */
function unusable(records: string, cause: Error): CustardError {
  return new CustardError('CONFIG_INVALID', `Custard's own records in ${records} cannot be opened.`, {
    hint: 'Move the file away: a new one is made, with no history. XDG_DATA_HOME names another folder.',
    cause,
  });
}

async function startLocalAgent(options: {
  readonly server: RunningServer;
  readonly settings: DatabaseSettings;
  readonly version: string;
}): Promise<{
  readonly connectionId: string;
  readonly agent: RunningAgent;
  readonly tables: readonly LoadedTable[];
}> {
  const { server, settings, version } = options;
  const concurrency = settleConcurrency(settings.dialect, {});
  const [admitted, { connector, tables }] = await Promise.all([
    server.admitLocalAgent(localConnection(settings)),
    openTarget({ ...settings, sessions: concurrency.sessions }),
  ]);
  const { connectionId, agentId, apiKey } = admitted;
  const agent = await startAgent({
    url: agentUrl(new URL(server.url), agentId),
    ...{ apiKey, connectionId, connector, agentVersion: version },
    concurrency,
    caps: { rows: HARD_MAX_ROWS, bytes: HARD_MAX_RESULT_BYTES, timeoutMs: MAX_TIMEOUT_MS },
    policy: OPEN_POLICY,
    maskKey: maskKey(undefined),
    onEvent: () => undefined,
  });
  await withinHandshake(agent);
  return { connectionId, agent, tables };
}

/** Both ends are here: what takes longer than this will not come any more. */
async function withinHandshake(agent: RunningAgent): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new CustardError('TIMEOUT', 'The agent inside this process did not come up.', { hint: 'Try again.' }));
  }, HANDSHAKE_MS);
  try {
    await Promise.race([agent.ready, late.promise]);
  } catch (error) {
    await agent.stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function makePrivate(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CustardError('CONFIG_INVALID', `Cannot make the data folder ${directory}.`, {
      hint: 'Set XDG_DATA_HOME to a folder you may write to.',
      cause,
    });
  }
}
