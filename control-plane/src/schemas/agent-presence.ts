import type { Logger } from 'pino';
import { isCustardError } from '#core/errors.ts';
import type { ConnectionRepository } from '../db/connection-repository.ts';
import type { AgentIdentity } from '../identity/agent-authenticator.ts';
import type { SchemaStore } from './schema-store.ts';

interface AgentPresenceOptions {
  readonly connections: ConnectionRepository;
  readonly schemas: SchemaStore;
  readonly logger: Logger;
}

/** What happens when agents come and go: last seen is noted, and a schema that is missing is fetched. */
export class AgentPresence {
  readonly #options: AgentPresenceOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #online = new Map<string, AgentIdentity>();
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
    if (!this.#closing) this.#run(this.#options.connections.recordSeen(organizationId, connectionId));
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
