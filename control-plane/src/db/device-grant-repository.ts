import type { Knex } from 'knex';
import { z } from 'zod';
import { createOpaqueToken, hashOpaqueToken } from '../identity/opaque-token.ts';
import { createUserCode } from '../identity/user-code.ts';
import type { Database } from './database.ts';
import { isUniqueViolation } from './unique-violation.ts';

export interface DeviceGrant {
  readonly hash: string;
  readonly client: string;
  readonly address: string;
  readonly status: 'pending' | 'approved' | 'denied';
  readonly userId: string | null;
  readonly organizationId: string | null;
  readonly intervalS: number;
  readonly polledAt: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
}

const GrantRow = z
  .object({
    ...{ hash: z.string(), client: z.string(), address: z.string(), status: z.enum(['pending', 'approved', 'denied']) },
    ...{ user_id: z.string().nullable(), organization_id: z.string().nullable(), interval_s: z.int() },
    ...{ polled_at: z.string().nullable(), created_at: z.string(), expires_at: z.string() },
  })
  .transform(
    (row): DeviceGrant => ({
      ...{ hash: row.hash, client: row.client, address: row.address, status: row.status, userId: row.user_id },
      ...{ organizationId: row.organization_id, intervalS: row.interval_s, polledAt: row.polled_at },
      ...{ createdAt: row.created_at, expiresAt: row.expires_at },
    }),
  );

export const DEVICE_LIFETIME_MS = 10 * 60_000;
export const POLL_INTERVAL_S = 5;
/** A day after its end nobody asks for it any more. */
const KEEP_MS = 24 * 60 * 60_000;
const MAX_TRIES = 5;

/** Devices that wait for somebody to let them in (RFC 8628). Both codes are stored as hashes. */
export class DeviceGrantRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(device: { readonly client: string; readonly address: string }) {
    const { knex } = this.#database;
    await knex('device_grants')
      .where('expires_at', '<', new Date(Date.now() - KEEP_MS).toISOString())
      .delete();
    for (let tries = 1; ; tries++) {
      const [deviceCode, userCode] = [createOpaqueToken(), createUserCode()];
      const at = new Date();
      const row = {
        ...{ hash: hashOpaqueToken(deviceCode), user_code_hash: hashOpaqueToken(userCode), ...device },
        ...{ status: 'pending', user_id: null, organization_id: null, interval_s: POLL_INTERVAL_S, polled_at: null },
        expires_at: new Date(at.getTime() + DEVICE_LIFETIME_MS).toISOString(),
        ...{ created_at: at.toISOString(), updated_at: at.toISOString() },
      };
      try {
        await knex('device_grants').insert(row);
        return { deviceCode, userCode };
      } catch (error) {
        if (!isUniqueViolation(error) || tries >= MAX_TRIES) throw error; // two of 34 bits alike within a day
      }
    }
  }

  async findByDeviceCode(code: string): Promise<DeviceGrant | null> {
    const row = await this.#database
      .knex('device_grants')
      .where({ hash: hashOpaqueToken(code) })
      .first();
    return row === undefined ? null : GrantRow.parse(row);
  }

  /** Only while it waits. */
  async findByUserCode(userCode: string): Promise<DeviceGrant | null> {
    const row = await waiting(this.#database.knex)
      .where({ user_code_hash: hashOpaqueToken(userCode) })
      .first();
    return row === undefined ? null : GrantRow.parse(row);
  }

  /** Null when it does not wait any more. */
  async decide(
    userCode: string,
    status: 'approved' | 'denied',
    { userId, organizationId }: { readonly userId: string; readonly organizationId: string },
  ): Promise<DeviceGrant | null> {
    const [row] = await waiting(this.#database.knex)
      .where({ user_code_hash: hashOpaqueToken(userCode) })
      .update({ status, user_id: userId, organization_id: organizationId, updated_at: now() })
      .returning('*');
    return row === undefined ? null : GrantRow.parse(row);
  }

  async recordPoll(hash: string, intervalS: number): Promise<void> {
    await this.#database.knex('device_grants').where({ hash }).update({ polled_at: now(), interval_s: intervalS });
  }

  /** An approved one is good for one session: true for the one who takes it. */
  async take(trx: Knex, hash: string): Promise<boolean> {
    return (await trx('device_grants').where({ hash, status: 'approved' }).delete()) > 0;
  }
}

function waiting(knex: Knex) {
  return knex('device_grants').where({ status: 'pending' }).where('expires_at', '>', now());
}

const now = (): string => new Date().toISOString();
