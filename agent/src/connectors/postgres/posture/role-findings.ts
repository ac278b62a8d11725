import type { PostureFinding, Severity } from '#core/posture.ts';
import type { TextRow } from '../../text-row.ts';

/**
 * The roles whose rights the agent has or could take: its own, and every role that either is a member
 * of, whether it inherits or would have to SET ROLE. A superuser counts as a member of all: only itself is listed.
 */
export const ROLES = `
  SELECT r.rolname AS name, r.rolname IN (session_user, current_user) AS own, r.rolsuper AS superuser,
         r.rolbypassrls AS bypass_rls, r.rolcreaterole AS create_role, r.rolcreatedb AS create_db,
         r.rolreplication AS replication
  FROM pg_catalog.pg_roles r
  WHERE r.rolname IN (session_user, current_user)
    OR (pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER') OR pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER'))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles me WHERE me.rolname IN (session_user, current_user) AND me.rolsuper)
  ORDER BY own DESC, r.rolname
  LIMIT 1000`;

const OWN_ROLE = 'Give the agent a role of its own; the least-privilege SQL makes one.';

/** By the column of ROLES, which is the code of the finding too. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  superuser: 'a superuser: no right is ever asked of it, and it can run programs on the server',
  bypass_rls: 'exempt from row security (BYPASSRLS): it reads the rows that policies hide',
  create_role: 'allowed to make and change roles (CREATEROLE), and through them to get more rights',
  create_db: 'allowed to create databases (CREATEDB)',
  replication: 'allowed to replicate (REPLICATION): it can copy the whole server, past every grant',
};

interface Membership {
  readonly severity: Severity;
  readonly means: string;
}

const ADMINISTRATOR: Membership = { severity: 'bad', means: "it is the provider's administrator" };

/** Predefined roles (https://www.postgresql.org/docs/current/predefined-roles.html), and the administrators of hosted servers. */
const MEMBERSHIPS: Readonly<Record<string, Membership>> = {
  pg_write_all_data: { severity: 'bad', means: 'it writes every table' },
  pg_read_server_files: { severity: 'bad', means: "it reads the server's files" },
  pg_write_server_files: { severity: 'bad', means: "it writes the server's files" },
  pg_execute_server_program: { severity: 'bad', means: 'it runs programs on the server' },
  pg_signal_backend: { severity: 'bad', means: "it ends other people's sessions" },
  pg_signal_autovacuum_worker: { severity: 'bad', means: "it ends the server's maintenance" },
  pg_maintain: { severity: 'bad', means: 'it locks, rewrites and refreshes every table' },
  pg_create_subscription: { severity: 'bad', means: 'it makes the server connect to others and write what they send' },
  pg_checkpoint: { severity: 'warn', means: 'it can keep the server busy with checkpoints' },
  pg_use_reserved_connections: { severity: 'warn', means: 'it takes connections kept for administrators' },
  pg_read_all_data: {
    severity: 'warn',
    means: 'it reads every table of every schema, later ones and the stored password hashes included',
  },
  pg_monitor: { severity: 'warn', means: "it sees other people's statements and the server's settings" },
  pg_read_all_stats: { severity: 'warn', means: "it sees other people's statements" },
  pg_stat_scan_tables: { severity: 'warn', means: 'it can hold locks on tables for long' },
  pg_read_all_settings: { severity: 'info', means: "it sees all of the server's settings" },
  rds_superuser: ADMINISTRATOR,
  rdsadmin: ADMINISTRATOR,
  rds_replication: { severity: 'bad', means: 'it can copy the whole server' },
  cloudsqlsuperuser: ADMINISTRATOR,
  cloudsqladmin: ADMINISTRATOR,
  alloydbsuperuser: ADMINISTRATOR,
  azure_pg_admin: ADMINISTRATOR,
  azuresu: ADMINISTRATOR,
  neon_superuser: ADMINISTRATOR,
  supabase_admin: ADMINISTRATOR,
  doadmin: ADMINISTRATOR,
  avnadmin: ADMINISTRATOR,
  tsdbadmin: ADMINISTRATOR,
};

export const isSuperuser = (roles: readonly TextRow[]): boolean =>
  roles.some((row) => row.boolean('own') && row.boolean('superuser'));

/** `roles` are rows of ROLES. */
export function roleFindings(roles: readonly TextRow[]): PostureFinding[] {
  const own = roles.find((row) => row.boolean('own'))?.text('name') ?? '';
  return roles.flatMap((row) => [...attributeFindings(row), ...membershipFinding(row, own)]);
}

function attributeFindings(row: TextRow): PostureFinding[] {
  const name = row.text('name');
  const subject = row.boolean('own') ? `The role ${name} is` : `The role can become ${name}, which is`;
  // A superuser has all the others too: naming it says enough.
  const columns = row.boolean('superuser') ? ['superuser'] : Object.keys(ATTRIBUTES);
  return Object.entries(ATTRIBUTES)
    .filter(([column]) => columns.includes(column) && row.boolean(column))
    .map(([code, means]) => ({ code, severity: 'bad', message: `${subject} ${means}.`, hint: OWN_ROLE }));
}

function membershipFinding(row: TextRow, own: string): PostureFinding[] {
  const name = row.text('name');
  const membership = Object.hasOwn(MEMBERSHIPS, name) ? MEMBERSHIPS[name] : undefined;
  if (membership === undefined) return [];
  const { severity, means } = membership;
  if (row.boolean('own')) {
    return [{ code: 'membership', severity, message: `The role is ${name}: ${means}.`, hint: OWN_ROLE }];
  }
  const hint = `REVOKE ${name} FROM the role that is in it, ${own} or one it belongs to.`;
  return [{ code: 'membership', severity, message: `The role is a member of ${name}: ${means}.`, hint }];
}
