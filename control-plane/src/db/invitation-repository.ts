import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { Role } from '#core/protocol/accounts.ts';
import type { Database } from './database.ts';

export interface Invitation {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

const InvitationRow = z
  .object({
    ...{ id: z.string(), organization_id: z.string(), email: z.string(), role: Role, invited_by: z.string() },
    ...{ created_at: z.string(), expires_at: z.string() },
  })
  .transform(
    (row): Invitation => ({
      ...{ id: row.id, organizationId: row.organization_id, email: row.email, role: row.role },
      ...{ invitedBy: row.invited_by, createdAt: row.created_at, expiresAt: row.expires_at },
    }),
  );

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

export class InvitationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Takes the place of an older one for the same address. */
  async create(
    organizationId: string,
    { email, role, invitedBy }: Pick<Invitation, 'email' | 'role' | 'invitedBy'>,
  ): Promise<Invitation> {
    const at = new Date();
    const row = {
      ...{ id: `invitation_${randomUUID()}`, organization_id: organizationId, email, role, invited_by: invitedBy },
      ...{ expires_at: new Date(at.getTime() + LIFETIME_MS).toISOString(), accepted_at: null, revoked_at: null },
      ...{ created_at: at.toISOString(), updated_at: at.toISOString() },
    };
    await this.#database.forOrganization(organizationId, (knex) =>
      knex.transaction(async (trx) => {
        await open(trx)
          .where({ organization_id: organizationId, email })
          .update({ revoked_at: now(), updated_at: now() });
        await trx('invitations').insert(row);
      }),
    );
    return InvitationRow.parse(row);
  }

  async list(organizationId: string): Promise<Invitation[]> {
    const rows = await this.#database.forOrganization(organizationId, (knex) =>
      open(knex).where({ organization_id: organizationId }).orderBy(['created_at', 'id']),
    );
    return z.array(InvitationRow).parse(rows);
  }

  /** By id alone: the link's token said which one is meant. Null when it is not open any more. */
  async findOpen(id: string, trx: Knex = this.#database.knex): Promise<Invitation | null> {
    const row = await open(trx).where({ id }).first();
    return row === undefined ? null : InvitationRow.parse(row);
  }

  async accept(trx: Knex, id: string): Promise<boolean> {
    return (await open(trx).where({ id }).update({ accepted_at: now(), updated_at: now() })) > 0;
  }

  /** NOT_FOUND when there is no open one of that id. */
  async revoke(organizationId: string, id: string): Promise<Invitation> {
    const [row] = await this.#database.forOrganization(organizationId, (knex) =>
      open(knex)
        .where({ organization_id: organizationId, id })
        .update({ revoked_at: now(), updated_at: now() })
        .returning('*'),
    );
    if (row !== undefined) return InvitationRow.parse(row);
    throw new CustardError('NOT_FOUND', 'There is no open invitation of that id.', {
      hint: 'See what there is: custard members list --invitations',
    });
  }
}

function open(knex: Knex) {
  return knex('invitations').whereNull('accepted_at').whereNull('revoked_at').where('expires_at', '>', now());
}

const now = (): string => new Date().toISOString();
