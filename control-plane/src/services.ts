import type { Logger } from 'pino';
import { StatementGuard } from './actions/guard-statement.ts';
import type { QueryServices } from './actions/run-query.ts';
import type { GatewayDependencies, RunningGateway } from './agent-gateway.ts';
import { writerLoader } from './answering/load-writer.ts';
import { ConnectionRepository } from './db/connection-repository.ts';
import type { Database } from './db/database.ts';
import { SchemaRepository } from './db/schema-repository.ts';
import { TokenRepository } from './db/token-repository.ts';
import type { Config } from './env.ts';
import { AuditLog } from './history/audit-log.ts';
import { replicaName } from './history/lost-queries.ts';
import { QueryHistory } from './history/query-history.ts';
import { AgentAuthenticator } from './identity/agent-authenticator.ts';
import { Authenticator } from './identity/authenticator.ts';
import type { Principal } from './identity/principal.ts';
import { InFlight } from './in-flight.ts';
import { AgentPresence } from './schemas/agent-presence.ts';
import { SchemaStore } from './schemas/schema-store.ts';
import { connectionStatus } from './status/connection-status.ts';
import { StatusBoard } from './status/status-board.ts';

interface ServiceOptions {
  readonly database: Database;
  readonly config: Config;
  readonly logger: Logger;
  readonly limits: { readonly schemaWaitMs: number };
  readonly ownToken: { readonly token: string; readonly principal: Principal } | null;
  readonly createGateway: (hooks: Omit<GatewayDependencies, 'server' | 'serverVersion'>) => RunningGateway;
}

/** Everything a running control plane is made of, wired once. */
export interface Services {
  readonly authenticator: Authenticator;
  readonly agents: AgentAuthenticator;
  readonly connections: ConnectionRepository;
  readonly schemas: SchemaRepository;
  readonly services: QueryServices;
  readonly gateway: RunningGateway;
  readonly inFlight: InFlight;
  readonly statusBoard: StatusBoard;
  /** Resolves once nothing is left to be written; nothing may be asked of it after that. */
  close(): Promise<void>;
}

export function createServices({
  database,
  config,
  logger,
  limits,
  ownToken,
  createGateway,
}: ServiceOptions): Services {
  const connections = new ConnectionRepository(database);
  const schemas = new SchemaRepository(database);
  const agents = new AgentAuthenticator(connections);
  const audit = new AuditLog(database);
  const history = new QueryHistory({ database, replica: replicaName(), logger });
  const running = createGateway({
    authenticateAgent: (agentId, key) => agents.authenticate(agentId, key),
    onConnected: (agent) => presence.connected(agent),
    onDisconnected: (agent) => presence.disconnected(agent),
    onHealth: (agent, news) => presence.health(agent, news),
    onBug: (error) => logger.error({ error }, 'a bug'),
  });
  const { gateway } = running;
  const statusBoard = new StatusBoard({
    read: async (organizationId) =>
      (await connections.list(organizationId)).map((connection) =>
        connectionStatus(connection, gateway.session(connection.id)),
      ),
    onBug: (error) => logger.error({ error }, 'a bug'),
  });
  const onChange = (organizationId: string) => statusBoard.changed(organizationId);
  const schemaStore = new SchemaStore({
    ...{ connections, schemas, gateway, logger, onChange },
    waitMs: limits.schemaWaitMs,
  });
  const presence = new AgentPresence({ connections, schemas: schemaStore, logger, onChange });
  return {
    ...{ agents, connections, schemas, gateway: running, inFlight: new InFlight(), statusBoard },
    authenticator: new Authenticator(new TokenRepository(database), ownToken),
    services: {
      ...{ connections, schemas: schemaStore, guard: new StatementGuard(), gateway, history, audit, logger },
      writer: writerLoader(config.openai),
    },
    async close() {
      statusBoard.close();
      await schemaStore.settled();
      await presence.close();
      await history.drain();
      await audit.drain();
    },
  };
}
