import type { Knex } from 'knex';
import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { Role } from '#core/protocol/accounts.ts';
import type { Database } from './database.ts';

export interface Member {
  readonly userId: string;
  readonly email: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly role: Role;
  readonly joinedAt: string;
}

const MemberRow = z
  .object({
    ...{ user_id: z.string(), email: z.string().nullable(), first_name: z.string().nullable() },
    ...{ last_name: z.string().nullable(), role: Role, created_at: z.string() },
  })
  .transform(
    (row): Member => ({
      ...{ userId: row.user_id, email: row.email, firstName: row.first_name ?? '', lastName: row.last_name ?? '' },
      ...{ role: row.role, joinedAt: row.created_at },
    }),
  );

/** The members of one organization, as it sees them. */
export class MemberRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(organizationId: string): Promise<Member[]> {
    const rows = await this.#database.forOrganization(organizationId, (knex) =>
      members(knex, organizationId).orderBy(['memberships.created_at', 'users.id']),
    );
    return z.array(MemberRow).parse(rows);
  }

  /** NOT_FOUND also when the person is in another organization only. */
  async get(organizationId: string, userId: string): Promise<Member> {
    const [row] = await this.#database.forOrganization(organizationId, (knex) =>
      members(knex, organizationId).where('users.id', userId),
    );
    if (row !== undefined) return MemberRow.parse(row);
    throw notFound();
  }

  async changeRole(trx: Knex, organizationId: string, userId: string, role: Role): Promise<void> {
    await keepOwners(trx, organizationId, userId, role);
    const updated_at = new Date().toISOString();
    const changed = await trx('memberships')
      .where({ organization_id: organizationId, user_id: userId })
      .update({ role, updated_at });
    if (changed === 0) throw notFound();
  }

  async remove(trx: Knex, organizationId: string, userId: string): Promise<void> {
    await keepOwners(trx, organizationId, userId, null);
    const removed = await trx('memberships').where({ organization_id: organizationId, user_id: userId }).delete();
    if (removed === 0) throw notFound();
  }
}

function members(knex: Knex, organizationId: string) {
  return knex('memberships')
    .join('users', 'users.id', 'memberships.user_id')
    .where({ organization_id: organizationId })
    .select('users.id as user_id', 'email', 'first_name', 'last_name', 'role', 'memberships.created_at');
}

/** CONFLICT when nobody would own the organization any more. Two owners who go at once wait for each other here. */
async function keepOwners(trx: Knex, organizationId: string, userId: string, role: Role | null): Promise<void> {
  await trx('organizations').where({ id: organizationId }).update({ updated_at: new Date().toISOString() });
  const owners = await trx('memberships').where({ organization_id: organizationId, role: 'owner' }).pluck('user_id');
  if (role === 'owner' || owners.length > 1 || !owners.includes(userId)) return;
  throw new CustardError('CONFLICT', 'That is the last owner of the organization.', {
    hint: 'Make somebody else an owner first: custard members set-role E-MAIL owner',
  });
}

function notFound(): CustardError {
  return new CustardError('NOT_FOUND', 'The organization has no such member.', {
    hint: 'See who there is: custard members list',
  });
}
