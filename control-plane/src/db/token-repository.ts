import type { Principal } from '../identity/principal.ts';
import type { Database } from './database.ts';

interface TokenRow {
  readonly hash: string;
  readonly revoked_at: string | null;
  readonly id: string;
  readonly organization_id: string;
  readonly user_id: string;
  readonly expires_at: string | null;
}

export class TokenRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By hash alone, as it is the token that says which organization is meant. Null when expired or revoked too. */
  async findValid(hash: string): Promise<Principal | null> {
    const row = await this.#database
      .knex<TokenRow>('tokens')
      .where({ hash })
      .whereNull('revoked_at')
      .first('id', 'organization_id', 'user_id', 'expires_at');
    if (row === undefined || (row.expires_at !== null && row.expires_at <= new Date().toISOString())) return null;
    return { organizationId: row.organization_id, userId: row.user_id, tokenId: row.id };
  }
}
