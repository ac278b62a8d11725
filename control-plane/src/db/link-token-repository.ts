import type { Knex } from 'knex';
import { createOpaqueToken, hashOpaqueToken } from '../identity/opaque-token.ts';
import type { Database } from './database.ts';

export type LinkPurpose = 'signup' | 'email_change' | 'reset_password' | 'invitation';

export interface LinkToken {
  readonly purpose: LinkPurpose;
  /** The id of a sign-up, a user or an invitation. */
  readonly subject: string;
  readonly email: string;
}

interface LinkTokenRow extends LinkToken {
  readonly hash: string;
  readonly expires_at: string;
  readonly used_at: string | null;
  readonly created_at: string;
}

const MINUTE_MS = 60_000;

export const LINK_LIFETIME_MS: Readonly<Record<LinkPurpose, number>> = {
  signup: 24 * 60 * MINUTE_MS,
  email_change: 24 * 60 * MINUTE_MS,
  reset_password: 30 * MINUTE_MS,
  invitation: 7 * 24 * 60 * MINUTE_MS,
};

/** The secrets in mailed links: 256 bits, stored as a hash, good once and for a while. */
export class LinkTokenRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create({ purpose, subject, email }: LinkToken): Promise<string> {
    const token = createOpaqueToken();
    const now = Date.now();
    const row: LinkTokenRow = {
      ...{ hash: hashOpaqueToken(token), purpose, subject, email, used_at: null },
      expires_at: new Date(now + LINK_LIFETIME_MS[purpose]).toISOString(),
      created_at: new Date(now).toISOString(),
    };
    await this.#database.knex('link_tokens').insert(row);
    return token;
  }

  /** Without using it up. */
  async find(token: string, purposes: readonly LinkPurpose[]): Promise<LinkToken | null> {
    const row = await valid(this.#database.knex, token, purposes).first('purpose', 'subject', 'email');
    return row ?? null;
  }

  /**
   * Uses it up, and with it all others of the same kind for the same thing: of any number that come at once one wins.
   * Null when it is not good any more.
   */
  async consume(trx: Knex, token: string, purposes: readonly LinkPurpose[]): Promise<LinkToken | null> {
    const found = await valid(trx, token, purposes).first('purpose', 'subject');
    if (found === undefined) return null;
    // All of them in one order: two links of one mail after the other must not wait for each other.
    const { purpose, subject } = found;
    await trx('link_tokens').where({ purpose, subject }).orderBy('hash').forUpdate().select('hash');
    const used_at = new Date().toISOString();
    const [used] = await valid(trx, token, purposes).update({ used_at }).returning(['purpose', 'subject', 'email']);
    if (used === undefined) return null;
    await this.void(trx, purpose, subject);
    return { purpose: used.purpose, subject: used.subject, email: used.email };
  }

  /** No link of that kind for that thing is good any more. */
  async void(trx: Knex, purpose: LinkPurpose, subject: string): Promise<void> {
    await trx('link_tokens')
      .where({ purpose, subject })
      .whereNull('used_at')
      .update({ used_at: new Date().toISOString() });
  }
}

function valid(knex: Knex, token: string, purposes: readonly LinkPurpose[]) {
  return knex<LinkTokenRow>('link_tokens')
    .where({ hash: hashOpaqueToken(token) })
    .whereIn('purpose', [...purposes])
    .whereNull('used_at')
    .where('expires_at', '>', new Date().toISOString());
}
