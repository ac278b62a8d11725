import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { DbType } from '#core/dialects.ts';
import { CustardError } from '#core/errors.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { Database } from './database.ts';
import { isUniqueViolation } from './unique-violation.ts';

export interface Connection {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly dbType: DbType;
  readonly agentId: string;
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
  readonly lastError: string | null;
}

/** A key as it is stored; see identity/secret-key.ts. */
export interface StoredKey {
  readonly hash: string;
  readonly beginning: string;
}

export interface ConnectionRow {
  id: string;
  organization_id: string;
  name: string;
  db_type: string;
  agent_id: string;
  created_at: string;
  updated_at: string;
  last_seen_at: string | null;
  last_error: string | null;
}

/** How long a connection deleted on another replica may still be found here. */
const KEEP_MS = 5_000;

export class ConnectionRepository {
  readonly #database: Database;
  readonly #found = new BoundedCache<Connection>({ limit: 10_000, keepMs: KEEP_MS });

  constructor(database: Database) {
    this.#database = database;
  }

  /** With its agent's first key, if it has one. CONFLICT when the organization has one of that name. */
  async create(
    organizationId: string,
    { name, dbType, key }: { readonly name: string; readonly dbType: DbType; readonly key: StoredKey | null },
  ): Promise<Connection> {
    const now = new Date().toISOString();
    const created = { created_at: now, updated_at: now };
    const row: ConnectionRow = {
      ...{
        id: randomUUID(),
        organization_id: organizationId,
        name,
        db_type: dbType,
        agent_id: `agent_${randomUUID()}`,
      },
      ...{ last_seen_at: null, last_error: null, ...created },
    };
    try {
      await this.#database.forOrganization(organizationId, (knex) =>
        knex.transaction(async (trx) => {
          await trx('connections').insert(row);
          if (key === null) return;
          const owner = { organization_id: organizationId, connection_id: row.id };
          await trx('agent_keys').insert({ id: randomUUID(), ...owner, ...key, ...created });
        }),
      );
    } catch (error) {
      throw isUniqueViolation(error) ? nameTaken(name, error) : error;
    }
    return readConnection(row);
  }

  async list(organizationId: string): Promise<Connection[]> {
    const rows = await this.#within(organizationId, (own) => own.orderBy('name'));
    return rows.map(readConnection);
  }

  /** By id or name. NOT_FOUND also when it is another organization's. */
  async get(organizationId: string, idOrName: string): Promise<Connection> {
    const key = `${organizationId}/${idOrName}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const connection = await this.getFresh(organizationId, idOrName);
    this.#found.set(key, connection);
    return connection;
  }

  /** As get, and from the database even when it was just read: for what changes while it is looked at. */
  async getFresh(organizationId: string, idOrName: string): Promise<Connection> {
    const connection = await this.#find(organizationId, idOrName);
    if (connection === null) throw notFound(idOrName);
    return connection;
  }

  async delete(organizationId: string, id: string): Promise<void> {
    await this.#within(organizationId, (own) => own.where({ id }).delete());
    this.#found.clear();
  }

  async recordSeen(organizationId: string, id: string): Promise<void> {
    const last_seen_at = new Date().toISOString();
    await this.#within(organizationId, (own) => own.where({ id }).update({ last_seen_at }));
  }

  async recordError(organizationId: string, id: string, lastError: string | null): Promise<void> {
    const last_error = lastError?.replaceAll('\0', '\uFFFD') ?? null;
    await this.#within(organizationId, (own) => own.where({ id }).update({ last_error }));
  }

  async #find(organizationId: string, idOrName: string): Promise<Connection | null> {
    if (idOrName.includes('\0')) return null; // PostgreSQL's text cannot hold it
    const rows = await this.#within(organizationId, (own) =>
      own.where((either) => either.where({ id: idOrName }).orWhere({ name: idOrName })),
    );
    const row = rows.find(({ id }) => id === idOrName) ?? rows[0];
    return row === undefined ? null : readConnection(row);
  }

  #within<T>(organizationId: string, work: (own: Knex.QueryBuilder<ConnectionRow, ConnectionRow[]>) => PromiseLike<T>) {
    return this.#database.forOrganization(organizationId, async (knex) =>
      work(knex<ConnectionRow>('connections').where({ organization_id: organizationId })),
    );
  }
}

export function readConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    dbType: DbType.parse(row.db_type),
    agentId: row.agent_id,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    lastError: row.last_error,
  };
}

function notFound(idOrName: string): CustardError {
  return new CustardError('NOT_FOUND', `There is no connection "${idOrName}".`, {
    hint: 'See what there is: custard connections list',
  });
}

function nameTaken(name: string, cause: unknown): CustardError {
  return new CustardError('CONFLICT', `There is a connection named "${name}" already.`, {
    hint: `Take another name, or delete that one: custard connections delete ${name}`,
    cause,
  });
}
