import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { CustardError } from '#core/errors.ts';
import type { Database } from './database.ts';
import { MIGRATIONS } from './migrations/migrations.ts';

const LOCK_WAIT_MS = 60_000;
const TABLE = 'custard_migrations';
/** Any number, as long as nobody else takes it for an advisory lock in this database. */
const POSTGRES_LOCK = 7_823_640_112;

/**
 * Brings the database to this version. All of it in one transaction that holds a lock: of replicas
 * that start at once one migrates and the others wait, and a crash leaves neither half a schema nor
 * a stale lock (knex's own migrator has both).
 */
export async function migrate({ knex, engine }: Database): Promise<void> {
  await whenFree(() =>
    knex.transaction(async (trx) => {
      if (engine === 'postgres') await trx.raw('SELECT pg_advisory_xact_lock(?)', [POSTGRES_LOCK]);
      const applied = await appliedMigrations(trx);
      const unknown = [...applied].filter((name) => MIGRATIONS.every((migration) => migration.name !== name));
      if (unknown.length > 0) throw newerDatabase(unknown);
      for (const { name, up } of MIGRATIONS) {
        if (applied.has(name)) continue;
        await up(trx, engine);
        await trx(TABLE).insert({ name, applied_at: new Date().toISOString() });
      }
    }),
  );
}

async function appliedMigrations(trx: Knex): Promise<Set<string>> {
  await trx.raw(`CREATE TABLE IF NOT EXISTS ${TABLE} (name text PRIMARY KEY, applied_at text NOT NULL)`);
  return new Set(await trx(TABLE).pluck<string[]>('name'));
}

/** SQLite says that another process holds the lock; PostgreSQL waits by itself. */
async function whenFree(work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await sleep(20 + Math.random() * 50);
    }
  }
}

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === SQLITE_BUSY;

function newerDatabase(unknown: readonly string[]): CustardError {
  return new CustardError('CONFIG_INVALID', 'The database belongs to a newer version of Custard.', {
    hint: `Update Custard; this version does not know: ${unknown.join(', ')}.`,
  });
}
