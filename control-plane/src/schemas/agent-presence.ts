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

  constructor(options: AgentPresenceOptions) {
    this.#options = options;
  }

  connected({ organizationId, connectionId }: AgentIdentity): void {
    const { connections, schemas, logger } = this.#options;
    logger.info({ connectionId }, 'agent connected');
    this.#run(connections.recordSeen(organizationId, connectionId));
    this.#run(schemas.agentConnected({ organizationId, id: connectionId }));
  }

  disconnected({ organizationId, connectionId }: AgentIdentity): void {
    this.#options.logger.info({ connectionId }, 'agent disconnected');
    this.#run(this.#options.connections.recordSeen(organizationId, connectionId));
  }

  /** Resolves once nothing of it uses the database any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
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
