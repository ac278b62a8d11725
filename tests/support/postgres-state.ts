import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Client } from 'pg';
import type { OwnPostgres } from './own-postgres.ts';

/** What can be told apart, piece by piece, so that a test that fails says what has changed. */
export type State = Readonly<Record<string, unknown>>;

const RELATIONS = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relkind AS kind
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'S') AND c.relpersistence <> 't' AND (c.relispopulated OR c.relkind <> 'm')
  ORDER BY 1`;

/** What no relation holds: the server's counters are left out, their last reset is not. */
const SERVER = `
  SELECT
    (SELECT string_agg(name || '=' || setting || sourcefile, ',' ORDER BY name) FROM pg_settings WHERE source <> 'session') AS settings,
    (SELECT string_agg(line_number || type, ',' ORDER BY line_number) FROM pg_hba_file_rules) AS "access rules",
    (SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots) AS "replication slots",
    (SELECT string_agg(gid, ',' ORDER BY gid) FROM pg_prepared_xacts) AS "prepared transactions",
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS "advisory locks",
    (SELECT string_agg(datname || stats_reset, ',' ORDER BY datname) FROM pg_stat_database) AS "counters of a database",
    (SELECT stats_reset FROM pg_stat_bgwriter)::text AS "counters of the server",
    (SELECT checkpoint_lsn::text || timeline_id FROM pg_control_checkpoint()) AS "last checkpoint",
    pg_postmaster_start_time()::text AS "start",
    pg_conf_load_time()::text AS "last reload"`;

/** Every row of every relation of a database with its place and transaction, catalogs included, and the server's state. */
export async function serverState(server: OwnPostgres, database: Client): Promise<State> {
  const { rows: relations } = await database.query<{ name: string; kind: string }>(RELATIONS);
  const state: Record<string, unknown> = {};
  for (let at = 0; at < relations.length; at += 40) {
    const parts = relations.slice(at, at + 40).map(({ name, kind }) => rowsOf(name, kind));
    const { rows } = await database.query<{ name: string; sum: string }>(parts.join(' UNION ALL '));
    for (const { name, sum } of rows) state[name] = sum;
  }
  const { rows } = await database.query<State>(SERVER);
  return { ...state, ...rows[0], ...filesIn(server.data, isKept), ...filesIn(server.canary, () => true) };
}

function rowsOf(name: string, kind: string): string {
  const row =
    kind === 'S' ? 'zz.last_value || zz.is_called::text || zz.log_cnt' : 'zz.ctid::text || zz.xmin || zz::text';
  const sum = `count(*) || ':' || coalesce(sum(hashtextextended(${row}, 0)), 0)`;
  return `SELECT '${name.replaceAll("'", "''")}' AS name, ${sum} AS sum FROM ONLY ${name} zz`;
}

/** Tables, their log and what the server keeps about its own work are seen by SQL. */
const OWN_WORK =
  /^(base|global|pg_wal|pg_xact|pg_subtrans|pg_multixact|pg_commit_ts|pg_stat|pg_stat_tmp|pg_notify|pg_serial|pg_dynshmem)(\/|$)|^postmaster\.pid$|^pg_logical\/replorigin_checkpoint$/;
const isKept = (path: string): boolean => !OWN_WORK.test(path);

export function filesIn(folder: string, isSeen: (path: string) => boolean): State {
  const state: Record<string, unknown> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name));
    if (!isSeen(path)) continue;
    state[`file ${path}`] = entry.isFile() ? digest(readFileSync(join(folder, path))) : 'no file';
  }
  return state;
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** What a session would hand on to the next query in it. To be asked in that session. */
export const SESSION_STATE = `
  SELECT
    (SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings
     WHERE name NOT LIKE '%.%') AS settings, -- those with a dot come with the libraries of functions that were called
    (SELECT string_agg(name || ':' || statement, ',' ORDER BY name) FROM pg_prepared_statements) AS "prepared statements",
    (SELECT string_agg(name, ',' ORDER BY name) FROM pg_cursors WHERE name <> '') AS cursors,
    (SELECT string_agg(channel, ',' ORDER BY channel) FROM pg_listening_channels() channel) AS channels,
    (SELECT string_agg(locktype || ':' || mode, ',') FROM pg_locks
     WHERE pid = pg_backend_pid() AND locktype NOT IN ('relation', 'virtualxid')) AS locks,
    (SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relnamespace = pg_my_temp_schema()) AS "temporary tables",
    current_user AS "user", session_user AS "session user", pg_my_temp_schema()::text AS "temporary schema"`;
