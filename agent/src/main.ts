import { randomUUID } from 'node:crypto';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { Guard } from '#core/guard/verdict.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { QueryLimits } from '#core/protocol/messages.ts';
import type { Connector } from './connectors/connector.ts';
import { startVitals } from './health/agent-vitals.ts';
import type { Concurrency } from './limits/concurrency.ts';
import { openLink } from './link/link.ts';
import type { LinkEvent } from './link/link-event.ts';
import { SentSchemas } from './link/sent-schemas.ts';
import { type SchemaFilter, WHOLE_SCHEMA } from './schema-filter.ts';

export interface AgentOptions {
  /** The agents' WebSocket of the control plane: ws(s)://…/api/v1/connections/ws/{agent_id}, id filled in. */
  readonly url: string;
  readonly apiKey: string;
  readonly connectionId: string | null;
  readonly agentVersion: string;
  /** Closed by the agent when it stops. */
  readonly connector: Connector;
  readonly caps: QueryLimits;
  readonly concurrency: Concurrency;
  /** Milliseconds between two looks at an idle database; 0 for none, by default as suits the engine. */
  readonly healthEveryMs?: number | undefined;
  readonly policy: Policy;
  /** What is described; all of it without one. */
  readonly filter?: SchemaFilter;
  /** For the masks that hash. */
  readonly maskKey: Buffer;
  readonly onEvent: (event: LinkEvent) => void;
}

export interface RunningAgent {
  /** Resolves at the first welcome; rejects when the control plane refuses this agent for good. */
  readonly ready: Promise<void>;
  /** Resolves after stop(); rejects when the control plane refuses this agent for good. */
  readonly ended: Promise<void>;
  /** Drains (bounded), closes the link and the database connections. */
  stop(): Promise<void>;
}

/** How long the database may take to answer the first ping. */
const FIRST_PING_MS = 15_000;

/**
 * Starts an agent: checks that the database answers, then dials out. Rejects when the database
 * cannot be reached at all, so that a wrong URL or password shows at once and not at the first question.
 */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const { connector, filter = WHOLE_SCHEMA } = options;
  const { guard, version } = await firstContact(connector).catch(async (error: unknown) => {
    await connector.close();
    throw error;
  });
  const vitals = startVitals(options);
  const own = { vitals, guard, engineVersion: version, instanceId: randomUUID(), sent: new SentSchemas() };
  const link = openLink({ ...options, filter, ...own });
  const ended = link.ended.finally(() => {
    vitals.stop();
    return connector.close();
  });
  ended.catch(() => undefined); // whoever awaits only `ready` hears of it there
  return {
    ready: link.ready,
    ended,
    async stop() {
      await link.stop();
      await ended.catch(() => undefined);
    },
  };
}

/** Which guard it takes may only be known once the database has answered: MySQL and MariaDB share their URLs. */
async function firstContact(connector: Connector): Promise<{ readonly guard: Guard; readonly version: string }> {
  const { version } = await connector.ping({ signal: AbortSignal.timeout(FIRST_PING_MS) });
  return { guard: await loadGuard(connector.dialect), version };
}
