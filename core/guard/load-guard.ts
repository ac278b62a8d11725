import type { Dialect } from '../dialects.ts';
import { precheck } from './precheck.ts';
import { denied } from './refusal.ts';
import type { Guard, Verdict } from './verdict.ts';

/** A dialect's parser and lists are loaded when first asked for, once per process. */
const GUARDS: Readonly<Record<Dialect, () => Promise<Guard>>> = {
  postgres: once(async () => (await import('./dialects/postgres/guard.ts')).postgresGuard()),
  mysql: once(async () => (await import('./dialects/mysql/guard.ts')).mysqlGuard('mysql')),
  mariadb: once(async () => (await import('./dialects/mysql/guard.ts')).mysqlGuard('mariadb')),
  snowflake: once(async () => (await import('./dialects/snowflake/guard.ts')).snowflakeGuard()),
  sqlite: once(async () => (await import('./dialects/sqlite/guard.ts')).sqliteGuard()),
  duckdb: once(async () => (await import('./dialects/duckdb/guard.ts')).duckdbGuard()),
  mongodb: once(async () => (await import('./dialects/mongodb/guard.ts')).mongodbGuard()),
};

/**
 * The guard of a dialect. `check` answers allow only for one statement that reads and of which everything is known;
 * a parser that fails or a bug in the guard is a refusal too.
 */
export async function loadGuard(dialect: Dialect): Promise<Guard> {
  const guard = await GUARDS[dialect]();
  return { check: async (statement) => precheck(statement) ?? (await failClosed(guard, statement)) };
}

async function failClosed(guard: Guard, statement: string): Promise<Verdict> {
  try {
    return await guard.check(statement);
  } catch {
    // What the error says may quote the statement; that it was not understood is all there is to tell.
    return denied('STATEMENT_INVALID', 'The guard could not make sense of the statement.', {
      hint: 'Write it in a simpler way.',
    });
  }
}

/** A load that fails is tried again the next time. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}
