import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import { Role } from '#core/protocol/accounts.ts';
import type { Database } from './database.ts';

export interface Session {
  readonly id: string;
  readonly userId: string;
  /** The one it acts in. */
  readonly organizationId: string;
  readonly client: string;
  readonly generation: number;
  readonly rotatedAt: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

interface SessionRow {
  id: string;
  organization_id: string;
  user_id: string;
  client: string;
  generation: number;
  rotated_at: string;
  expires_at: string;
  ends_at: string;
  revoked_at: string | null;
  created_at: string;
  updated_at: string;
}

interface NewSession {
  readonly userId: string;
  readonly organizationId: string;
  readonly client: string;
  /** Over after that, used or not. */
  readonly lifetimeMs?: number;
}

const ActiveSession = z.object({ id: z.string(), user_id: z.string(), organization_id: z.string(), role: Role });

type ActiveSession = z.infer<typeof ActiveSession>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Not used for that long it is over; and it is over after the other, however often it is used. */
const IDLE_MS = 30 * DAY_MS;
const LONGEST_MS = 180 * DAY_MS;

/** Log-ins of people, each with its family of refresh tokens (see accounts/sessions.ts). */
export class SessionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** With the hash of its first refresh token; null when it is to have none. */
  async create(
    trx: Knex,
    { lifetimeMs = LONGEST_MS, ...made }: NewSession,
    tokenHash: string | null,
  ): Promise<Session> {
    const { userId, organizationId, client } = made;
    const now = Date.now();
    const at = new Date(now).toISOString();
    const row: SessionRow = {
      ...{ id: `session_${randomUUID()}`, organization_id: organizationId, user_id: userId, client, generation: 1 },
      ...{ rotated_at: at, expires_at: new Date(now + Math.min(IDLE_MS, lifetimeMs)).toISOString() },
      ...{ ends_at: new Date(now + lifetimeMs).toISOString(), revoked_at: null, created_at: at, updated_at: at },
    };
    await trx('sessions').insert(row);
    if (tokenHash !== null) await this.addToken(trx, row.id, 1, tokenHash);
    return read(row);
  }

  async addToken(trx: Knex, sessionId: string, generation: number, hash: string): Promise<void> {
    await trx('refresh_tokens').insert({ hash, session_id: sessionId, generation, created_at: now() });
  }

  /** Who acts in a session, if it goes on and its person is in the organization it acts in. */
  async findActive(sessionId: string): Promise<ActiveSession | null> {
    const [session] = await this.listActive([sessionId]);
    return session ?? null;
  }

  /** Of those sessions the ones that go on. */
  async listActive(ids: readonly string[]): Promise<ActiveSession[]> {
    const rows = await active(this.#database.knex)
      .join('memberships', (on) =>
        on
          .on('memberships.user_id', 'sessions.user_id')
          .andOn('memberships.organization_id', 'sessions.organization_id'),
      )
      .whereIn('sessions.id', [...ids])
      .select('sessions.id', 'sessions.user_id', 'sessions.organization_id', 'memberships.role');
    return z.array(ActiveSession).parse(rows);
  }

  /** The session of a refresh token and which of its generations the token is. */
  async findByToken(hash: string): Promise<{ readonly session: Session; readonly generation: number } | null> {
    const row = await active(this.#database.knex)
      .join('refresh_tokens', 'refresh_tokens.session_id', 'sessions.id')
      .where('refresh_tokens.hash', hash)
      .first('sessions.*', 'refresh_tokens.generation as token_generation');
    return row === undefined ? null : { session: read(row), generation: Number(row.token_generation) };
  }

  async reload(id: string): Promise<Session | null> {
    const row: SessionRow | undefined = await active(this.#database.knex).where({ id }).first();
    return row === undefined ? null : read(row);
  }

  /** On to the next generation; false when somebody else was faster, or it is over. */
  async advance(trx: Knex, { id, generation }: Session): Promise<boolean> {
    const at = Date.now();
    const idle = new Date(at + IDLE_MS).toISOString();
    const advanced = await active(trx)
      .where({ id, generation })
      .update({
        ...{ generation: generation + 1, rotated_at: new Date(at).toISOString(), updated_at: now() },
        expires_at: trx.raw('CASE WHEN ends_at < ? THEN ends_at ELSE ? END', [idle, idle]),
      });
    return advanced > 0;
  }

  async useOrganization(id: string, organizationId: string): Promise<void> {
    await this.#database.knex('sessions').where({ id }).update({ organization_id: organizationId, updated_at: now() });
  }

  /** Those in one organization go on in another. */
  async moveOrganization(trx: Knex, userId: string, { from, to }: { from: string; to: string }): Promise<void> {
    await trx('sessions')
      .where({ user_id: userId, organization_id: from })
      .update({ organization_id: to, updated_at: now() });
  }

  /** Of a person, the one used last first. */
  async listOf(userId: string): Promise<Session[]> {
    const rows: SessionRow[] = await active(this.#database.knex)
      .where({ user_id: userId })
      .orderBy([{ column: 'rotated_at', order: 'desc' }, 'id']);
    return rows.map(read);
  }

  /** False when the person has none of that id that goes on. */
  async revoke(userId: string, id: string): Promise<boolean> {
    return (await active(this.#database.knex).where({ user_id: userId, id }).update(revoked())) > 0;
  }

  /** All of a person, but one if wished. */
  async revokeAll(userId: string, { except, trx = this.#database.knex }: { except?: string; trx?: Knex } = {}) {
    const all = active(trx).where({ user_id: userId });
    await (except === undefined ? all : all.whereNot({ id: except })).update(revoked());
  }
}

function active(knex: Knex) {
  return knex<SessionRow>('sessions').whereNull('revoked_at').where('sessions.expires_at', '>', now());
}

const revoked = () => ({ revoked_at: now(), updated_at: now() });

const now = (): string => new Date().toISOString();

function read(row: SessionRow): Session {
  return {
    id: row.id,
    userId: row.user_id,
    organizationId: row.organization_id,
    client: row.client,
    generation: Number(row.generation),
    rotatedAt: row.rotated_at,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
