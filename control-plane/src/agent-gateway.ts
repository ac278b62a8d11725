import type { Server } from 'node:http';
import { STATUS_SOCKET_PATH } from '#core/protocol/status.ts';
import type { HealthNews } from './gateway/agent-session.ts';
import { AgentSessions } from './gateway/agent-sessions.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { AgentIdentity } from './identity/agent-authenticator.ts';
import { attachAgentLink } from './routes/agent-link/agent-link.ts';

export interface GatewayDependencies {
  readonly server: Server;
  readonly serverVersion: string;
  readonly authenticateAgent: (agentId: string, key: string) => Promise<AgentIdentity | null>;
  readonly onConnected: (agent: AgentIdentity) => void;
  readonly onDisconnected: (agent: AgentIdentity) => void;
  readonly onHealth: (agent: AgentIdentity, news: HealthNews) => void;
  readonly onBug: (error: unknown) => void;
}

export interface RunningGateway {
  readonly gateway: Gateway;
  /** Sends the agents elsewhere once what is under way has ended. */
  drain(): Promise<void>;
}

/** The gateway to agents that dial in at the server's WebSocket. */
export function createAgentGateway(dependencies: GatewayDependencies): RunningGateway {
  const sessions = new AgentSessions();
  const link = attachAgentLink({ ...dependencies, sessions, isElsewhere: (path) => path === STATUS_SOCKET_PATH });
  return {
    gateway: sessions,
    async drain() {
      await sessions.drain();
      link.close();
    },
  };
}
