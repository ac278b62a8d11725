import { randomUUID } from 'node:crypto';
import { CustardError } from '#core/errors.ts';
import { type Connection, type ConnectionRow, readConnection, type StoredKey } from './connection-repository.ts';
import type { Database } from './database.ts';

export interface AgentKey {
  readonly id: string;
  /** Its first characters, to tell it from others. */
  readonly beginning: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  /** Null: until it is revoked or another one takes over. */
  readonly expiresAt: string | null;
}

interface AgentKeyRow {
  id: string;
  organization_id: string;
  connection_id: string;
  hash: string;
  beginning: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
  created_at: string;
  updated_at: string;
}

interface FoundAgent {
  readonly connection: Connection;
  readonly keys: readonly { readonly id: string; readonly hash: string }[];
}

/** The keys agents dial in with. A connection has two at most while one takes over from the other. */
export class AgentKeyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** For the agents' link, which knows no organization before the key has told it. */
  async findAgent(agentId: string): Promise<FoundAgent | null> {
    const { knex } = this.#database;
    const row = await knex<ConnectionRow>('connections').where({ agent_id: agentId }).first();
    if (row === undefined) return null;
    const keys = await knex<AgentKeyRow>('agent_keys')
      .where({ organization_id: row.organization_id, connection_id: row.id })
      .whereNull('revoked_at')
      .where((either) => either.whereNull('expires_at').orWhere('expires_at', '>', now()))
      .select('id', 'hash');
    return { connection: readConnection(row), keys };
  }

  /** Those of the given keys that are still good; for links that stay open while keys are revoked elsewhere. */
  async stillValid(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const valid = await this.#database
      .knex<AgentKeyRow>('agent_keys')
      .whereIn('id', [...ids])
      .whereNull('revoked_at')
      .where((either) => either.whereNull('expires_at').orWhere('expires_at', '>', now()))
      .pluck<string[]>('id');
    return new Set(valid);
  }

  async recordUse(organizationId: string, id: string): Promise<void> {
    await this.#database.forOrganization(organizationId, (knex) =>
      knex<AgentKeyRow>('agent_keys').where({ organization_id: organizationId, id }).update({ last_used_at: now() }),
    );
  }

  /** The active ones, the newest first. */
  async list(organizationId: string, connectionId: string): Promise<AgentKey[]> {
    const rows = await this.#database.forOrganization(organizationId, (knex) =>
      knex<AgentKeyRow>('agent_keys')
        .where({ organization_id: organizationId, connection_id: connectionId })
        .whereNull('revoked_at')
        .where((either) => either.whereNull('expires_at').orWhere('expires_at', '>', now()))
        .orderBy([{ column: 'created_at', order: 'desc' }, 'id']),
    );
    return rows.map(read);
  }

  /**
   * Adds a key. The newest of those before it stays good until `graceEndsAt`, or as long as it had anyway;
   * older ones end now, so that never more than two are good. Returns the ids of those that ended.
   */
  async rotate(
    organizationId: string,
    connectionId: string,
    { key, graceEndsAt }: { readonly key: StoredKey; readonly graceEndsAt: string },
  ): Promise<{ readonly added: AgentKey; readonly ended: readonly string[] }> {
    return await this.#database.forOrganization(organizationId, (knex) =>
      knex.transaction(async (trx) => {
        const owner = { organization_id: organizationId, connection_id: connectionId };
        // Whoever rotates at the same time waits here.
        await trx('connections')
          .where({ organization_id: organizationId, id: connectionId })
          .update({ updated_at: now() });
        const active = () => trx<AgentKeyRow>('agent_keys').where(owner).whereNull('revoked_at');
        const before = await active().orderBy([{ column: 'created_at', order: 'desc' }, 'id']);
        const [newest] = graceEndsAt > now() ? before : [];
        const ended = before.filter((key) => key !== newest).map(({ id }) => id);
        await active().whereIn('id', ended).update({ revoked_at: now(), updated_at: now() });
        if (newest !== undefined && (newest.expires_at === null || newest.expires_at > graceEndsAt))
          await active().where({ id: newest.id }).update({ expires_at: graceEndsAt, updated_at: now() });
        const row: AgentKeyRow = {
          ...{ id: randomUUID(), ...owner, ...key, expires_at: null, last_used_at: null, revoked_at: null },
          ...{ created_at: now(), updated_at: now() },
        };
        await trx('agent_keys').insert(row);
        return { added: read(row), ended };
      }),
    );
  }

  /** NOT_FOUND when the connection has no active key of that id. */
  async revoke(organizationId: string, connectionId: string, id: string): Promise<void> {
    const revoked = await this.#database.forOrganization(organizationId, (knex) =>
      knex<AgentKeyRow>('agent_keys')
        .where({ organization_id: organizationId, connection_id: connectionId, id })
        .whereNull('revoked_at')
        .update({ revoked_at: now(), updated_at: now() }),
    );
    if (revoked > 0) return;
    throw new CustardError('NOT_FOUND', 'The connection has no key of that id.', {
      hint: 'See what there is: GET /api/v1/connections/{id}/keys',
    });
  }
}

const now = (): string => new Date().toISOString();

function read(row: AgentKeyRow): AgentKey {
  const { id, beginning, created_at: createdAt, last_used_at: lastUsedAt, expires_at: expiresAt } = row;
  return { id, beginning, createdAt, lastUsedAt, expiresAt };
}
