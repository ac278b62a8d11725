import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connector } from '#agent/connectors/connector.ts';
import { type Concurrency, settleConcurrency } from '#agent/limits/concurrency.ts';
import type { LinkEvent } from '#agent/link/link-event.ts';
import { type RunningAgent, startAgent } from '#agent/main.ts';
import { AgentSessions } from '#control-plane/gateway/agent-sessions.ts';
import type { ResultStream } from '#control-plane/gateway/gateway.ts';
import { attachAgentLink } from '#control-plane/routes/agent-link/agent-link.ts';
import type { ConnectorDialect } from '#core/dialects.ts';
import { OPEN_POLICY, type Policy } from '#core/policy/policy.ts';
import type { QueryLimits } from '#core/protocol/messages.ts';

export const LIMITS: QueryLimits = { rows: 1_000_000, bytes: 1 << 30, timeoutMs: 10_000 };
export const KEY = `custard_${'k'.repeat(36)}`;
export const CONNECTION = 'connection-1';

export interface Hub {
  readonly sessions: AgentSessions;
  readonly port: number;
  /** Resolves when the next agent has been welcomed. */
  connected(): Promise<void>;
  disconnected(): Promise<void>;
  /** TCP connections that are open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

interface HubOptions {
  readonly port?: number;
  /** Of the connection that agents say hello for. */
  readonly dialect?: ConnectorDialect;
}

/** The control plane's end of the link alone: a real HTTP server with the agents' WebSocket on it. */
export async function openHub({ port = 0, dialect = 'postgres' }: HubOptions = {}): Promise<Hub> {
  const server: Server = createServer();
  const sessions = new AgentSessions();
  let connected = Promise.withResolvers<void>();
  let disconnected = Promise.withResolvers<void>();
  const link = attachAgentLink({
    server,
    sessions,
    serverVersion: 'test',
    authenticateAgent: async (agentId, key) =>
      agentId === 'agent-1' && key === KEY
        ? { organizationId: 'org', connectionId: CONNECTION, dialects: [dialect] }
        : null,
    onConnected() {
      connected.resolve();
      connected = Promise.withResolvers();
    },
    onDisconnected() {
      disconnected.resolve();
      disconnected = Promise.withResolvers();
    },
    onHealth: () => undefined,
    onBug: (error) => {
      throw error;
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    sessions,
    port: (server.address() as AddressInfo).port,
    connected: () => connected.promise,
    disconnected: () => disconnected.promise,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    async close() {
      await sessions.drain();
      link.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export async function openAgent(
  hub: Pick<Hub, 'port'>,
  connector: Connector,
  {
    key = KEY,
    caps = LIMITS,
    concurrency = settleConcurrency('postgres', {}),
    policy = OPEN_POLICY,
    onEvent = () => undefined,
  }: {
    key?: string;
    caps?: QueryLimits;
    concurrency?: Concurrency;
    policy?: Policy;
    onEvent?: (event: LinkEvent) => void;
  } = {},
): Promise<RunningAgent> {
  return await startAgent({
    url: `ws://127.0.0.1:${hub.port}/api/v1/connections/ws/agent-1`,
    apiKey: key,
    connectionId: CONNECTION,
    agentVersion: 'test',
    connector,
    caps,
    concurrency,
    healthEveryMs: 20,
    policy,
    maskKey: Buffer.alloc(32),
    onEvent,
  });
}

export function run(
  hub: Hub,
  statement = 'SELECT 1',
  limits: Partial<QueryLimits> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<ResultStream> {
  return hub.sessions.run({ connectionId: CONNECTION, statement, limits: { ...LIMITS, ...limits }, signal });
}
