import { timingSafeEqual } from 'node:crypto';
import { type ConnectorDialect, DIALECTS_OF } from '#core/dialects.ts';
import type { ConnectionRepository } from '../db/connection-repository.ts';
import { hashSecretKey, isSecretKey } from './secret-key.ts';

export interface AgentIdentity {
  readonly organizationId: string;
  readonly connectionId: string;
  /** What its database may speak. */
  readonly dialects: readonly ConnectorDialect[];
}

/** Whether a key is one of an agent's; the answer takes as long for a wrong key as for an unknown agent. */
export class AgentAuthenticator {
  readonly #connections: ConnectionRepository;
  /** Keys this process made for an agent of its own, never stored; by connection id. */
  readonly #ownKeys = new Map<string, string>();

  constructor(connections: ConnectionRepository) {
    this.#connections = connections;
  }

  allowOwnKey(connectionId: string, key: string): void {
    this.#ownKeys.set(connectionId, hashSecretKey(key));
  }

  async authenticate(agentId: string, key: string): Promise<AgentIdentity | null> {
    if (!isSecretKey(key)) return null;
    const given = Buffer.from(hashSecretKey(key));
    const agent = await this.#connections.findAgent(agentId);
    if (agent === null) {
      timingSafeEqual(given, Buffer.alloc(given.length));
      return null;
    }
    const { connection, keyHashes } = agent;
    const own = this.#ownKeys.get(connection.id);
    // Every hash is compared, whichever fits: two keys are valid while one takes over from the other.
    const fits = [...keyHashes, ...(own === undefined ? [] : [own])].filter((hash) =>
      timingSafeEqual(given, Buffer.from(hash)),
    );
    if (fits.length === 0) return null;
    const { organizationId, id, dbType } = connection;
    return { organizationId, connectionId: id, dialects: DIALECTS_OF[dbType] };
  }
}
