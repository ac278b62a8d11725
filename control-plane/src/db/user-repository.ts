import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database } from './database.ts';
import { isUniqueViolation } from './unique-violation.ts';

export interface User {
  readonly id: string;
  /** Verified; null for the owner the bootstrap token belongs to. */
  readonly email: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly passwordHash: string | null;
  readonly currentOrganizationId: string | null;
}

interface UserRow {
  id: string;
  email: string | null;
  first_name: string | null;
  last_name: string | null;
  password_hash: string | null;
  current_organization_id: string | null;
  created_at: string;
  updated_at: string;
}

export interface NewUser {
  readonly email: string;
  readonly passwordHash: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** Accounts, which belong to people, not to an organization. An address in here was verified. */
export class UserRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async findByEmail(email: string): Promise<User | null> {
    return read(await this.#table().where({ email }).first());
  }

  async find(id: string, trx: Knex = this.#database.knex): Promise<User | null> {
    return read(await trx<UserRow>('users').where({ id }).first());
  }

  async update(
    id: string,
    changed: { readonly firstName: string; readonly lastName: string },
    trx: Knex,
  ): Promise<void> {
    await trx<UserRow>('users')
      .where({ id })
      .update({ first_name: changed.firstName, last_name: changed.lastName, updated_at: now() });
  }

  async setPasswordHash(id: string, passwordHash: string, trx: Knex = this.#database.knex): Promise<void> {
    await trx<UserRow>('users').where({ id }).update({ password_hash: passwordHash, updated_at: now() });
  }

  /** The same password hashed anew; not when it was changed meanwhile. */
  async replacePasswordHash(id: string, old: string, passwordHash: string): Promise<void> {
    await this.#table().where({ id, password_hash: old }).update({ password_hash: passwordHash });
  }

  async setCurrentOrganization(id: string, organizationId: string, trx: Knex = this.#database.knex): Promise<void> {
    await trx<UserRow>('users').where({ id }).update({ current_organization_id: organizationId });
  }

  /** False when the address belongs to somebody by now. */
  async setEmail(trx: Knex.Transaction, id: string, email: string): Promise<boolean> {
    return await unlessTaken(trx, (savepoint) =>
      savepoint<UserRow>('users').where({ id }).update({ email, updated_at: now() }),
    );
  }

  /** Null when the address belongs to somebody by now. */
  async create(trx: Knex.Transaction, user: NewUser, organizationId: string): Promise<string | null> {
    const id = `user_${randomUUID()}`;
    const row: UserRow = {
      ...{ id, email: user.email, first_name: user.firstName, last_name: user.lastName },
      ...{ password_hash: user.passwordHash, current_organization_id: organizationId },
      ...{ created_at: now(), updated_at: now() },
    };
    return (await unlessTaken(trx, (savepoint) => savepoint('users').insert(row))) ? id : null;
  }

  #table() {
    return this.#database.knex<UserRow>('users');
  }
}

/** In a savepoint: on PostgreSQL a violation ends the whole transaction otherwise. */
async function unlessTaken(trx: Knex.Transaction, work: (savepoint: Knex) => PromiseLike<unknown>): Promise<boolean> {
  try {
    await trx.transaction(async (savepoint) => {
      await work(savepoint);
    });
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

const now = (): string => new Date().toISOString();

function read(row: UserRow | undefined): User | null {
  if (row === undefined) return null;
  return {
    id: row.id,
    email: row.email,
    firstName: row.first_name ?? '',
    lastName: row.last_name ?? '',
    passwordHash: row.password_hash,
    currentOrganizationId: row.current_organization_id,
  };
}
