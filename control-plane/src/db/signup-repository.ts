import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database } from './database.ts';

export interface Signup {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly organizationName: string;
}

interface SignupRow {
  id: string;
  email: string;
  password_hash: string;
  first_name: string;
  last_name: string;
  organization_name: string;
  expires_at: string;
  created_at: string;
  updated_at: string;
}

const KEEP_MS = 7 * 24 * 60 * 60 * 1000;

/** What somebody who may or may not own an address signed up with; it becomes an account by the link in the mail. */
export class SignupRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(trx: Knex, signup: Omit<Signup, 'id'>): Promise<string> {
    const id = randomUUID();
    const now = new Date();
    const row: SignupRow = {
      ...{ id, email: signup.email, password_hash: signup.passwordHash, first_name: signup.firstName },
      ...{ last_name: signup.lastName, organization_name: signup.organizationName },
      expires_at: new Date(now.getTime() + KEEP_MS).toISOString(),
      ...{ created_at: now.toISOString(), updated_at: now.toISOString() },
    };
    await trx('signups').insert(row);
    return id;
  }

  async find(id: string, trx: Knex = this.#database.knex): Promise<Signup | null> {
    return read(await trx<SignupRow>('signups').where({ id }).where('expires_at', '>', now()).first());
  }

  /** The one made last. */
  async findByEmail(email: string): Promise<Signup | null> {
    const pending = this.#database.knex<SignupRow>('signups').where({ email }).where('expires_at', '>', now());
    return read(await pending.orderBy([{ column: 'created_at', order: 'desc' }, 'id']).first());
  }

  /** The address belongs to somebody now: whoever else signed up with it gets nothing. */
  async forget(trx: Knex, email: string): Promise<void> {
    await trx('signups').where({ email }).delete();
  }
}

const now = (): string => new Date().toISOString();

function read(row: SignupRow | undefined): Signup | null {
  if (row === undefined) return null;
  return {
    id: row.id,
    email: row.email,
    passwordHash: row.password_hash,
    firstName: row.first_name,
    lastName: row.last_name,
    organizationName: row.organization_name,
  };
}
