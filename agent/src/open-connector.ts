import type { Connector } from './connectors/connector.ts';
import { openConnector } from './connectors/registry.ts';
import { databaseSettings } from './database-settings.ts';
import type { AgentEnvironment } from './env.ts';

/** The connector that the agent's environment asks for: one of ours, or the one that CUSTARD_CONNECTOR names. */
export async function openAgentConnector(environment: AgentEnvironment, directory: string): Promise<Connector> {
  const { CUSTARD_CONNECTOR: from, DB_URL, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME } = environment;
  if (from === undefined) return await openConnector(databaseSettings(environment));
  const { loadConnector } = await import('./connectors/external/load-connector.ts');
  const database = {
    ...{ url: DB_URL ?? null, host: DB_HOST ?? null, port: DB_PORT ?? null },
    ...{ user: DB_USER ?? null, password: DB_PASSWORD ?? null, name: DB_NAME ?? null },
  };
  return await loadConnector({ from, directory, database });
}
