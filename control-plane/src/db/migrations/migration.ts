import type { Knex } from 'knex';

/** Released migrations are never changed; a new one is added to the end of migrations.ts. */
export interface Migration {
  readonly name: string;
  up(trx: Knex, engine: 'sqlite' | 'postgres'): Promise<void>;
}
