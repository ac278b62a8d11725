import { timingSafeEqual } from 'node:crypto';
import { type ConnectorDialect, DIALECTS_OF } from '#core/dialects.ts';
import type { AgentKeyRepository } from '../db/agent-key-repository.ts';
import { hashSecretKey, isSecretKey } from './secret-key.ts';

export interface AgentIdentity {
  readonly organizationId: string;
  readonly connectionId: string;
  /** Of the key it came with; null for one that this process made for an agent of its own. */
  readonly keyId: string | null;
  /** What its database may speak. */
  readonly dialects: readonly ConnectorDialect[];
}

/** Whether a key is one of an agent's; the answer takes as long for a wrong key as for an unknown agent. */
export class AgentAuthenticator {
  readonly #keys: AgentKeyRepository;
  /** Keys this process made for an agent of its own, never stored; by connection id. */
  readonly #ownKeys = new Map<string, string>();

  constructor(keys: AgentKeyRepository) {
    this.#keys = keys;
  }

  allowOwnKey(connectionId: string, key: string): void {
    this.#ownKeys.set(connectionId, hashSecretKey(key));
  }

  async authenticate(agentId: string, key: string): Promise<AgentIdentity | null> {
    if (!isSecretKey(key)) return null;
    const given = Buffer.from(hashSecretKey(key));
    const agent = await this.#keys.findAgent(agentId);
    if (agent === null) {
      timingSafeEqual(given, Buffer.alloc(given.length));
      return null;
    }
    const { connection, keys } = agent;
    const own = this.#ownKeys.get(connection.id);
    // Every hash is compared, whichever fits: two keys are valid while one takes over from the other.
    const [fit] = [...keys, ...(own === undefined ? [] : [{ id: null, hash: own }])].filter(({ hash }) =>
      timingSafeEqual(given, Buffer.from(hash)),
    );
    if (fit === undefined) return null;
    const { organizationId, id, dbType } = connection;
    if (fit.id !== null) await this.#keys.recordUse(organizationId, fit.id);
    return { organizationId, connectionId: id, keyId: fit.id, dialects: DIALECTS_OF[dbType] };
  }
}
