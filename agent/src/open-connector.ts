import type { ConnectorDialect } from '#core/dialects.ts';
import type { Connector } from './connectors/connector.ts';
import { openConnector } from './connectors/registry.ts';
import { databaseSettings, databaseUrl } from './database-settings.ts';
import type { AgentEnvironment } from './env.ts';
import { readSecretFile } from './secret-file.ts';

/** A database before a connector is opened to it. */
interface AgentDatabase {
  readonly dialect: ConnectorDialect;
  /** Not connected yet. */
  open(sessions: number): Promise<Connector>;
}

/**
 * The database that the agent's environment names, for one of our connectors or for the one that CUSTARD_CONNECTOR names.
 * @param directory where that one's path begins
 */
export async function agentDatabase(environment: AgentEnvironment, directory: string): Promise<AgentDatabase> {
  const { CUSTARD_CONNECTOR: from } = environment;
  if (from !== undefined) return await externalDatabase(environment, { from, directory });
  const settings = await databaseSettings(environment);
  return { dialect: settings.dialect, open: (sessions) => openConnector({ ...settings, sessions }) };
}

async function externalDatabase(
  environment: AgentEnvironment,
  options: { readonly from: string; readonly directory: string },
): Promise<AgentDatabase> {
  const { loadConnector } = await import('./connectors/external/load-connector.ts');
  const { DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_PASSWORD_FILE, DB_NAME } = environment;
  const password =
    DB_PASSWORD_FILE === undefined ? DB_PASSWORD : await readSecretFile(DB_PASSWORD_FILE, 'DB_PASSWORD_FILE');
  const database = {
    ...{ url: (await databaseUrl(environment)) ?? null, host: DB_HOST ?? null, port: DB_PORT ?? null },
    ...{ user: DB_USER ?? null, password: password ?? null, name: DB_NAME ?? null },
  };
  const { dialect, open } = await loadConnector(options);
  return { dialect, open: (sessions) => open({ ...database, sessions }) };
}
