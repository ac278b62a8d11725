import type { Database } from './database.ts';

/** What the server made up for itself and all its replicas share. */
export class ServerSecretRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The secret of that name; `make` makes it when there is none. Of replicas that start at once all get the same. */
  async getOrCreate(name: string, make: () => string): Promise<string> {
    const { knex } = this.#database;
    const row = { name, value: make(), created_at: new Date().toISOString() };
    await knex('server_secrets').insert(row).onConflict('name').ignore();
    const stored = await knex<typeof row>('server_secrets').where({ name }).first('value');
    if (stored === undefined) throw new Error('a secret that was just stored is not there');
    return stored.value;
  }
}
