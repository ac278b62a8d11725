import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { Role } from '#core/protocol/accounts.ts';
import type { Database } from './database.ts';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

export interface Membership extends Organization {
  readonly role: Role;
}

const OrganizationRow = z
  .object({ id: z.string(), name: z.string(), created_at: z.string() })
  .transform(({ id, name, created_at: createdAt }): Organization => ({ id, name, createdAt }));

const MembershipRow = z
  .object({ id: z.string(), name: z.string(), created_at: z.string(), role: Role })
  .transform(({ created_at: createdAt, ...rest }): Membership => ({ ...rest, createdAt }));

/** Organizations and who is in them, as a person sees them: across organizations, by the person's id. */
export class OrganizationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** With its first owner, inside the caller's transaction. */
  async create(trx: Knex, name: string, ownerId: string): Promise<string> {
    const id = await this.createEmpty(trx, name);
    await this.join(trx, id, ownerId, 'owner');
    return id;
  }

  async createEmpty(trx: Knex, name: string): Promise<string> {
    const id = `org_${randomUUID()}`;
    await trx('organizations').insert({ id, name, ...created() });
    return id;
  }

  /** Nothing when the person is in it already. */
  async join(trx: Knex, organizationId: string, userId: string, role: Role): Promise<boolean> {
    const row = { organization_id: organizationId, user_id: userId, role, ...created() };
    const joined = await trx('memberships')
      .insert(row)
      .onConflict(['organization_id', 'user_id'])
      .ignore()
      .returning('role');
    return joined.length > 0;
  }

  /** The oldest first. */
  async listOf(userId: string, trx: Knex = this.#database.knex): Promise<Membership[]> {
    const rows = await memberships(trx, userId).orderBy([{ column: 'memberships.created_at' }, 'organizations.id']);
    return z.array(MembershipRow).parse(rows);
  }

  async membership(userId: string, organizationId: string): Promise<Membership | null> {
    const row = await memberships(this.#database.knex, userId).where({ organization_id: organizationId }).first();
    return row === undefined ? null : MembershipRow.parse(row);
  }

  /** NOT_FOUND also when it is somebody else's. */
  async get(userId: string, organizationId: string): Promise<Membership> {
    const membership = await this.membership(userId, organizationId);
    if (membership !== null) return membership;
    throw new CustardError('NOT_FOUND', 'There is no organization of that id.', {
      hint: 'See which you are in: custard org list',
    });
  }

  /** One that is known to be there. */
  async find(organizationId: string): Promise<Organization> {
    const row = await this.#database
      .knex('organizations')
      .where({ id: organizationId })
      .first('id', 'name', 'created_at');
    return OrganizationRow.parse(row);
  }

  async rename(organizationId: string, name: string): Promise<void> {
    await this.#database.forOrganization(organizationId, (knex) =>
      knex('organizations').where({ id: organizationId }).update({ name, updated_at: new Date().toISOString() }),
    );
  }
}

function memberships(knex: Knex, userId: string) {
  return knex('memberships')
    .join('organizations', 'organizations.id', 'memberships.organization_id')
    .where({ user_id: userId })
    .select('organizations.id', 'organizations.name', 'organizations.created_at', 'memberships.role');
}

function created() {
  const now = new Date().toISOString();
  return { created_at: now, updated_at: now };
}
