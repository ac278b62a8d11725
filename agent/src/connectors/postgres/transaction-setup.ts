import { escapeLiteral } from 'pg';

/** Waiting for a lock longer than this would block others behind us. */
const LOCK_TIMEOUT_MS = 5_000;
/** How often the server looks whether we are still there while it computes; from PostgreSQL 14 on. */
const CONNECTION_CHECK_MS = 500;

/** Fixed for each statement, so that no role's or database's settings change how values read. */
const SETTINGS: Readonly<Record<string, string>> = {
  lock_timeout: String(LOCK_TIMEOUT_MS),
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '3',
  standard_conforming_strings: 'on',
};

interface SessionFacts {
  /** As the server reports it, for example 15.18. */
  readonly serverVersion: string | undefined;
  readonly searchPath: string | undefined;
}

/**
 * The query that opens each transaction. All settings are local to it: nothing may be assumed of the
 * session before or after (PgBouncer).
 */
export function transactionSetup(timeoutMs: number, { serverVersion, searchPath }: SessionFacts): string {
  const settings: Record<string, string> = {
    ...SETTINGS,
    statement_timeout: String(Math.max(1, Math.ceil(timeoutMs))),
    idle_in_transaction_session_timeout: String(Math.max(1, Math.ceil(timeoutMs))),
  };
  if (Number.parseInt(serverVersion ?? '', 10) >= 14) {
    settings['client_connection_check_interval'] = String(CONNECTION_CHECK_MS);
  }
  if (searchPath !== undefined) settings['search_path'] = searchPath;
  const calls = Object.entries(settings).map(
    ([name, value]) => `pg_catalog.set_config('${name}',${escapeLiteral(value)},true)`,
  );
  return `SELECT ${calls.join(',')}`;
}
