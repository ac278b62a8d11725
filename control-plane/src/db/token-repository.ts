import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { Permission, Role } from '#core/protocol/accounts.ts';
import type { Principal } from '../identity/principal.ts';
import type { StoredKey } from './connection-repository.ts';
import type { Database } from './database.ts';

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly kind: 'personal' | 'ci';
  readonly beginning: string;
  readonly scopes: readonly Permission[] | null;
  readonly userId: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

interface NewToken {
  readonly name: string;
  readonly kind: 'personal' | 'ci';
  readonly scopes: readonly Permission[];
  readonly userId: string;
  readonly expiresAt: string | null;
  readonly key: StoredKey;
}

const Scopes = z.array(Permission).nullable();
const TokenRow = z
  .object({
    ...{ id: z.string(), name: z.string(), kind: z.enum(['personal', 'ci']), beginning: z.string() },
    ...{ scopes: z.string().nullable(), user_id: z.string(), created_at: z.string() },
    ...{ expires_at: z.string().nullable(), last_used_at: z.string().nullable() },
  })
  .transform(
    (row): Token => ({
      ...{ id: row.id, name: row.name, kind: row.kind, beginning: row.beginning, scopes: readScopes(row.scopes) },
      ...{ userId: row.user_id, createdAt: row.created_at, expiresAt: row.expires_at, lastUsedAt: row.last_used_at },
    }),
  );
const Holder = z.object({
  ...{ id: z.string(), kind: z.enum(['personal', 'ci']), scopes: z.string().nullable() },
  ...{ organization_id: z.string(), user_id: z.string(), role: Role.nullable() },
});

/** The use of a token is written down once in that time. */
const RECORD_USE_MS = 60_000;

export class TokenRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * By hash alone, as it is the token that says which organization is meant. Null when expired or revoked too, and when
   * it is personal and its holder is no member any more.
   */
  async findValid(hash: string): Promise<Principal | null> {
    const row = await this.#valid()
      .where({ hash })
      .first('tokens.id', 'kind', 'scopes', 'tokens.organization_id', 'tokens.user_id', 'memberships.role');
    if (row === undefined) return null;
    const { id, kind, scopes, organization_id: organizationId, user_id: userId, role } = Holder.parse(row);
    const effective = kind === 'ci' ? 'member' : role;
    if (effective === null) return null;
    return { organizationId, userId, tokenId: id, kind: 'token', role: effective, scopes: readScopes(scopes) };
  }

  /** Of those tokens the ones that are good, and the role of each by now. */
  async rolesOf(ids: readonly string[]): Promise<ReadonlyMap<string, Role | null>> {
    const rows = await this.#valid()
      .whereIn('tokens.id', [...ids])
      .select('tokens.id', 'kind', 'role');
    return new Map(
      rows.map(({ id, kind, role }) => [String(id), kind === 'ci' ? 'member' : Role.nullable().parse(role)]),
    );
  }

  async recordUse(organizationId: string, id: string): Promise<void> {
    const before = new Date(Date.now() - RECORD_USE_MS).toISOString();
    await this.#database.forOrganization(organizationId, (knex) =>
      knex('tokens')
        .where({ organization_id: organizationId, id })
        .where((either) => either.whereNull('last_used_at').orWhere('last_used_at', '<', before))
        .update({ last_used_at: now() }),
    );
  }

  async create(organizationId: string, { name, kind, scopes, userId, expiresAt, key }: NewToken): Promise<Token> {
    const row = {
      ...{ id: `token_${randomUUID()}`, organization_id: organizationId, user_id: userId, name, kind, ...key },
      ...{ scopes: JSON.stringify(scopes), expires_at: expiresAt, revoked_at: null, last_used_at: null },
      ...{ created_at: now(), updated_at: now() },
    };
    await this.#database.forOrganization(organizationId, (knex) => knex('tokens').insert(row));
    return TokenRow.parse(row);
  }

  /** Those that are good: a person's own, or all of the organization. */
  async list(organizationId: string, { userId }: { readonly userId: string | null }): Promise<Token[]> {
    const rows = await this.#database.forOrganization(organizationId, (knex) => {
      const good = knex('tokens')
        .where({ organization_id: organizationId })
        .whereNull('revoked_at')
        .where((either) => either.whereNull('expires_at').orWhere('expires_at', '>', now()))
        .orderBy(['created_at', 'id']);
      return userId === null ? good : good.where({ user_id: userId });
    });
    return z.array(TokenRow).parse(rows);
  }

  /** `userId`: only when it is that person's. NOT_FOUND when there is no such token, or no more. */
  async revoke(organizationId: string, id: string, { userId }: { readonly userId: string | null }): Promise<Token> {
    const [row] = await this.#database.forOrganization(organizationId, (knex) => {
      const one = knex('tokens').where({ organization_id: organizationId, id }).whereNull('revoked_at');
      return (userId === null ? one : one.where({ user_id: userId }))
        .update({ revoked_at: now(), updated_at: now() })
        .returning('*');
    });
    if (row !== undefined) return TokenRow.parse(row);
    throw new CustardError('NOT_FOUND', 'There is no token of that id.', {
      hint: 'See what there is: custard token list',
    });
  }

  /** Those a person made for themselves in one organization. */
  async revokePersonal(trx: Knex, organizationId: string, userId: string): Promise<void> {
    await trx('tokens')
      .where({ organization_id: organizationId, user_id: userId, kind: 'personal' })
      .whereNull('revoked_at')
      .update({ revoked_at: now(), updated_at: now() });
  }

  #valid() {
    return this.#database
      .knex('tokens')
      .leftJoin('memberships', (on) =>
        on.on('memberships.user_id', 'tokens.user_id').andOn('memberships.organization_id', 'tokens.organization_id'),
      )
      .whereNull('revoked_at')
      .where((either) => either.whereNull('expires_at').orWhere('expires_at', '>', now()));
  }
}

function readScopes(json: string | null): readonly Permission[] | null {
  return json === null ? null : Scopes.parse(JSON.parse(json));
}

const now = (): string => new Date().toISOString();
