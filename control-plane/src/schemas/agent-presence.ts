import type { Logger } from 'pino';
import { isCustardError } from '#core/errors.ts';
import type { ConnectionRepository } from '../db/connection-repository.ts';
import type { HealthNews } from '../gateway/agent-session.ts';
import type { AgentIdentity } from '../identity/agent-authenticator.ts';
import type { SchemaStore } from './schema-store.ts';

interface AgentPresenceOptions {
  readonly connections: ConnectionRepository;
  readonly schemas: SchemaStore;
  readonly logger: Logger;
  /** Something of the organization is otherwise than it was. */
  readonly onChange: (organizationId: string) => void;
}

/** What happens when agents come and go: last seen is noted, and a schema that is missing is fetched. */
export class AgentPresence {
  readonly #options: AgentPresenceOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #online = new Map<string, AgentIdentity>();
  readonly #recovering = new Set<string>();
  #closing = false;

  constructor(options: AgentPresenceOptions) {
    this.#options = options;
  }

  connected(agent: AgentIdentity): void {
    const { organizationId, connectionId } = agent;
    this.#options.logger.info({ connectionId }, 'agent connected');
    this.#online.set(connectionId, agent);
    this.#seen(agent);
    this.#run(this.#options.schemas.agentConnected({ organizationId, id: connectionId }));
  }

  /** How the agent's database is; one that is back may have a schema that could not be read before. */
  health(agent: AgentIdentity, { isDown, wasDown }: HealthNews): void {
    const { organizationId, connectionId } = agent;
    this.#options.onChange(organizationId);
    if (isDown === wasDown) return;
    this.#options.logger.info({ connectionId }, isDown ? 'database unreachable' : 'database reachable again');
    if (isDown || this.#recovering.has(connectionId)) return;
    this.#recovering.add(connectionId);
    const recovered = this.#options.schemas.databaseRecovered({ organizationId, id: connectionId });
    this.#run(recovered.finally(() => this.#recovering.delete(connectionId)));
  }

  disconnected(agent: AgentIdentity): void {
    this.#options.logger.info({ connectionId: agent.connectionId }, 'agent disconnected');
    this.#online.delete(agent.connectionId);
    this.#seen(agent);
  }

  /** Notes who is still there, and resolves once nothing of it uses the database any more. */
  async close(): Promise<void> {
    for (const agent of this.#online.values()) this.#seen(agent);
    this.#closing = true;
    await Promise.all(this.#underWay);
  }

  #seen({ organizationId, connectionId }: AgentIdentity): void {
    if (this.#closing) return;
    const seen = this.#options.connections.recordSeen(organizationId, connectionId);
    this.#run(seen.finally(() => this.#options.onChange(organizationId)));
  }

  #run(work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => {
        // A schema that could not be loaded was logged and recorded where that was tried.
        if (!isCustardError(error)) this.#options.logger.error({ error }, 'a bug');
      })
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }
}
