import type { Knex } from 'knex';
import { CustardError } from '#core/errors.ts';
import type { Database } from './database.ts';
import { MIGRATIONS } from './migrations/migrations.ts';

const TABLE = 'custard_migrations';
/** Any number, as long as nobody else takes it for an advisory lock in this database. */
const POSTGRES_LOCK = 7_823_640_112;

/**
 * Brings the database to this version. All of it in one transaction that holds a lock: of replicas
 * that start at once one migrates and the others wait, and a crash leaves neither half a schema nor
 * a stale lock (knex's own migrator has both).
 */
export async function migrate({ knex, engine }: Database): Promise<void> {
  await knex.transaction(async (trx) => {
    if (engine === 'postgres') await trx.raw('SELECT pg_advisory_xact_lock(?)', [POSTGRES_LOCK]);
    const applied = await appliedMigrations(trx);
    const unknown = [...applied].filter((name) => MIGRATIONS.every((migration) => migration.name !== name));
    if (unknown.length > 0) throw newerDatabase(unknown);
    for (const { name, up } of MIGRATIONS) {
      if (applied.has(name)) continue;
      await up(trx, engine);
      await trx(TABLE).insert({ name, applied_at: new Date().toISOString() });
    }
  });
}

async function appliedMigrations(trx: Knex): Promise<Set<string>> {
  await trx.raw(`CREATE TABLE IF NOT EXISTS ${TABLE} (name text PRIMARY KEY, applied_at text NOT NULL)`);
  return new Set(await trx(TABLE).pluck<string[]>('name'));
}

function newerDatabase(unknown: readonly string[]): CustardError {
  return new CustardError('CONFIG_INVALID', 'The database belongs to a newer version of Custard.', {
    hint: `Update Custard; this version does not know: ${unknown.join(', ')}.`,
  });
}
