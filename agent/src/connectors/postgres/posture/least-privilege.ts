import type { TextRow } from '../../text-row.ts';
import { quoteName } from './quote-name.ts';

const USER_SCHEMA = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND n.nspname NOT LIKE 'pg\\_temp\\_%' AND n.nspname NOT LIKE 'pg\\_toast\\_temp\\_%'`;
/** Relations of the database's people; what an extension brought is not what is asked about. */
const USER_RELATIONS = `
  pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND ${USER_SCHEMA}
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;
const everyone = (acl: string, privileges: string): string => `EXISTS (
  SELECT FROM pg_catalog.aclexplode(${acl}) x WHERE x.grantee = 0 AND x.privilege_type IN (${privileges}))`;

/** The names the SQL needs: kind, name, and for some what the name belongs to. */
export const NAMES = `
  SELECT kind, name, pg_catalog.quote_ident(name) AS quoted, coalesce(parent, '') AS parent,
         coalesce(pg_catalog.quote_ident(parent), '') AS parent_quoted
  FROM (
    SELECT 'database' AS kind, pg_catalog.current_database()::text AS name, NULL::text AS parent
    UNION ALL
    SELECT 'own role', r.rolname, NULL FROM pg_catalog.pg_roles r WHERE r.rolname IN (session_user, current_user)
    UNION ALL
    SELECT DISTINCT 'schema', n.nspname::text, NULL FROM ${USER_RELATIONS}
    UNION ALL
    SELECT DISTINCT 'owner', pg_catalog.pg_get_userbyid(c.relowner)::text, n.nspname::text FROM ${USER_RELATIONS}
    UNION ALL
    SELECT 'public temp', d.datname, NULL FROM pg_catalog.pg_database d
    WHERE d.datname = pg_catalog.current_database()
      AND ${everyone(`coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))`, `'TEMPORARY'`)}
    UNION ALL
    SELECT 'public create', n.nspname, NULL FROM pg_catalog.pg_namespace n
    WHERE ${USER_SCHEMA} AND ${everyone('n.nspacl', `'CREATE'`)}
    UNION ALL
    SELECT 'public write', c.relname, n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE ${USER_SCHEMA} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND ${everyone('c.relacl', `'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN'`)}
  ) names
  ORDER BY kind, parent, name
  LIMIT 5000`;

/** So many tables that all may write are named. */
const MAX_PUBLIC_WRITES = 20;

interface Name {
  readonly raw: string;
  readonly sql: string;
  /** The schema, where there is one. */
  readonly parent: string;
}

/**
 * SQL that makes a role which may read this database's tables and nothing else. Run twice, it does
 * no harm. `rows` are those of NAMES; without any (the catalogs are closed to this role) it speaks of
 * `database` and the schema public.
 */
export function leastPrivilegeSql(rows: readonly TextRow[], database: string): string {
  const named = (kind: string): Name[] =>
    rows
      .filter((row) => row.text('kind') === kind)
      .map((row) => ({
        raw: row.text('name'),
        sql: quoteName(row.text('name'), row.text('quoted')),
        parent: quoteName(row.text('parent'), row.text('parent_quoted')),
      }));
  const role = roleName(named('own role').map(({ raw }) => raw));
  const databaseSql = named('database')[0]?.sql ?? quoteName(database, `"${database.replaceAll('"', '""')}"`);
  const schemas = named('schema').map(({ sql }) => sql);
  return [
    '-- A role that can read these schemas and nothing else. Run it in this database, as a superuser or as',
    '-- the role that owns the tables and may create roles. Put a password of your own in place of <password>,',
    '-- and leave out the schemas nobody should ask about.',
    'BEGIN;',
    ...createRole(role),
    `GRANT CONNECT ON DATABASE ${databaseSql} TO ${role};`,
    ...(schemas.length === 0 ? ['public'] : schemas).flatMap((schema) => schemaGrants(schema, role)),
    '-- Tables made later, by the roles that made the present ones:',
    ...named('owner').map(
      ({ sql, parent }) =>
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${sql} IN SCHEMA ${parent} GRANT SELECT ON TABLES TO ${role};`,
    ),
    '-- What its sessions begin with, for the day when something else connects with it:',
    `ALTER ROLE ${role} SET default_transaction_read_only = on;`,
    `ALTER ROLE ${role} SET statement_timeout = '60s';`,
    `ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '60s';`,
    'COMMIT;',
    ...publicRevokes(named),
    '',
  ].join('\n');
}

/** A role's rights are not taken away here: where the agent's own role has the usual name, a new one is made. */
function roleName(own: readonly string[]): string {
  const base = 'custard_reader';
  for (let n = 2; ; n++) {
    const name = n === 2 ? base : `${base}_${n - 1}`;
    if (!own.includes(name)) return name;
  }
}

/** NOINHERIT: a role that is granted to it one day gives it nothing by itself. */
const createRole = (role: string): string[] => [
  'DO $$',
  'BEGIN',
  `  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${role}') THEN`,
  `    CREATE ROLE ${role} LOGIN NOINHERIT PASSWORD '<password>';`,
  '  END IF;',
  'END',
  '$$;',
];

const schemaGrants = (schema: string, role: string): string[] => [
  `GRANT USAGE ON SCHEMA ${schema} TO ${role};`,
  `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role};`,
];

/** What everyone may do, the new role may too; whether others rely on it only the reader knows. */
function publicRevokes(named: (kind: string) => Name[]): string[] {
  const writes = named('public write');
  const revokes = [
    ...named('public temp').map(({ sql }) => `REVOKE TEMPORARY ON DATABASE ${sql} FROM PUBLIC;`),
    ...named('public create').map(({ sql }) => `REVOKE CREATE ON SCHEMA ${sql} FROM PUBLIC;`),
    ...writes
      .slice(0, MAX_PUBLIC_WRITES)
      .map(
        ({ sql, parent }) => `REVOKE INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER ON TABLE ${parent}.${sql} FROM PUBLIC;`,
      ),
  ];
  if (revokes.length === 0) return [];
  const rest = writes.length - MAX_PUBLIC_WRITES;
  return [
    '-- These rights every role has, this one included. Take them away too, if nothing else relies on them:',
    ...revokes.map((revoke) => `--   ${revoke}`),
    ...(rest > 0 ? [`--   and the same for ${rest} more tables`] : []),
  ];
}
