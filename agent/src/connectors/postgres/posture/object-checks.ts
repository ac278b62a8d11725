import type { Severity } from '#core/posture.ts';

/** A look at the catalogs for objects the role has a right on that no reader needs. */
export interface ObjectCheck {
  readonly code: string;
  readonly severity: Severity;
  /** Gives the column `name`, printable, of each such object; may use the common table `reach` of role ids. */
  readonly objects: string;
  /** What follows "The role …", with the objects' names in it. */
  readonly says: (names: string) => string;
  readonly hint: string;
}

/** Objects that take a look-up each are counted so far. */
export const COUNTED = 1000;

/** Whether an ACL grants this to the role, to one it can become, or to all (grantee 0). */
const granted = (acl: string, ...privileges: readonly string[]): string => `EXISTS (
  SELECT FROM pg_catalog.aclexplode(${acl}) x
  WHERE x.privilege_type IN (${privileges.map((privilege) => `'${privilege}'`).join(', ')})
    AND (x.grantee = 0 OR x.grantee IN (SELECT oid FROM reach)))`;

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

const OWNED_BY_ROLE = (owner: string): string => `${owner} IN (SELECT oid FROM reach)`;
const IS_SYSTEM = `n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast')`;
const IS_TEMPORARY = `n.nspname LIKE 'pg\\_temp\\_%'`;
const RELATION = `pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name`;
const RELATIONS = 'pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace';
const THIS_DATABASE = 'd.datname = pg_catalog.current_database()';
const DATABASE_ACL = `coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))`;
const WRITES = ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN'] as const;

/** Functions a statement can call (no handlers, no triggers), with `p` for pg_proc and `n` for its schema. */
const CALLABLE = `${granted(`coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))`, 'EXECUTE')}
  AND ${granted(`coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))`, 'USAGE')}
  AND pg_catalog.format_type(p.prorettype, NULL)
    NOT IN ('trigger', 'event_trigger', 'language_handler', 'fdw_handler', 'index_am_handler', 'table_am_handler', 'internal')`;
const FUNCTIONS = 'pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace';

/** They connect elsewhere, run statements in sessions of their own, or touch files: no read-only transaction holds them. */
const REACHING_EXTENSIONS = [
  ...['dblink', 'http', 'pg_net', 'aws_s3', 'aws_lambda', 'aws_commons', 'azure_storage', 'plproxy', 'pg_background'],
  ...['pg_cron', 'pg_task', 'pgagent', 'adminpack', 'pg_file_settings', 'orafce', 'citus', 'pglogical', 'pg_surgery'],
];
/** The server's own and adminpack's, granted to nobody at first. */
const SERVER_FUNCTIONS = [
  ...['pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'pg_stat_file', 'lo_import', 'lo_export'],
  ...['pg_file_write', 'pg_file_sync', 'pg_file_rename', 'pg_file_unlink', 'pg_logdir_ls', 'dblink_connect_u'],
  ...['pg_reload_conf', 'pg_rotate_logfile', 'pg_promote', 'pg_switch_wal', 'pg_create_restore_point'],
  ...[
    'pg_backup_start',
    'pg_backup_stop',
    'pg_start_backup',
    'pg_stop_backup',
    'pg_stat_reset',
    'pg_stat_reset_shared',
  ],
];

const USE_ANOTHER = 'Let another role own what the agent reads; the least-privilege SQL makes one that owns nothing.';

export const OBJECT_CHECKS: readonly ObjectCheck[] = [
  {
    code: 'owns_database',
    severity: 'bad',
    objects: `SELECT pg_catalog.quote_ident(d.datname) AS name FROM pg_catalog.pg_database d
      WHERE ${THIS_DATABASE} AND ${OWNED_BY_ROLE('d.datdba')}`,
    says: (names) => `owns the database ${names}, and can drop it`,
    hint: USE_ANOTHER,
  },
  {
    code: 'owns_objects',
    severity: 'bad',
    objects: `SELECT o.type || ' ' || o.identity AS name FROM (
        SELECT d.classid, d.objid, d.objsubid FROM pg_catalog.pg_shdepend d
        WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.deptype = 'o' AND ${OWNED_BY_ROLE('d.refobjid')}
          AND d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
          AND d.classid NOT IN ('pg_catalog.pg_default_acl'::regclass, 'pg_catalog.pg_user_mapping'::regclass)
        LIMIT ${COUNTED}) d
      CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) o`,
    says: (names) => `owns ${names}, and can change or drop it`,
    hint: USE_ANOTHER,
  },
  {
    code: 'write_grants',
    severity: 'bad',
    objects: `SELECT ${RELATION} FROM ${RELATIONS}
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT ${IS_SYSTEM} AND NOT ${OWNED_BY_ROLE('c.relowner')}
        AND (${granted('c.relacl', ...WRITES)} OR EXISTS (
          SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL AND ${granted('a.attacl', 'INSERT', 'UPDATE')}))`,
    says: (names) => `may write: INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER or MAINTAIN is granted on ${names}`,
    hint: `REVOKE ${WRITES.slice(0, 5).join(', ')} ON these tables FROM the role, or from PUBLIC where all may write.`,
  },
  {
    code: 'sequence_grants',
    severity: 'warn',
    objects: `SELECT ${RELATION} FROM ${RELATIONS}
      WHERE c.relkind = 'S' AND NOT ${OWNED_BY_ROLE('c.relowner')} AND ${granted('c.relacl', 'USAGE', 'UPDATE')}`,
    says: (names) => `may advance or set the sequence ${names}`,
    hint: 'REVOKE USAGE, UPDATE ON these sequences FROM the role; reading tables needs neither.',
  },
  {
    code: 'schema_create',
    severity: 'bad',
    objects: `SELECT pg_catalog.quote_ident(n.nspname) AS name FROM pg_catalog.pg_namespace n
      WHERE NOT ${IS_SYSTEM} AND NOT ${OWNED_BY_ROLE('n.nspowner')} AND EXISTS (
        SELECT FROM pg_catalog.aclexplode(n.nspacl) x
        WHERE x.privilege_type = 'CREATE' AND x.grantee IN (SELECT oid FROM reach))`,
    says: (names) => `may create tables and functions in the schema ${names}`,
    hint: 'REVOKE CREATE ON SCHEMA … FROM the role.',
  },
  {
    code: 'public_schema_create',
    severity: 'warn',
    objects: `SELECT pg_catalog.quote_ident(n.nspname) AS name FROM pg_catalog.pg_namespace n
      WHERE NOT ${IS_TEMPORARY} AND EXISTS (
        SELECT FROM pg_catalog.aclexplode(n.nspacl) x WHERE x.privilege_type = 'CREATE' AND x.grantee = 0)`,
    says: (names) => `may create in the schema ${names}, as every role may (the default before PostgreSQL 15)`,
    hint: 'REVOKE CREATE ON SCHEMA … FROM PUBLIC, if nothing relies on it.',
  },
  {
    code: 'database_create',
    severity: 'bad',
    objects: `SELECT pg_catalog.quote_ident(d.datname) AS name FROM pg_catalog.pg_database d
      WHERE ${THIS_DATABASE} AND NOT ${OWNED_BY_ROLE('d.datdba')} AND ${granted(DATABASE_ACL, 'CREATE')}`,
    says: (names) => `may create schemas in the database ${names}`,
    hint: 'REVOKE CREATE ON DATABASE … FROM the role, or from PUBLIC.',
  },
  {
    code: 'database_temp',
    severity: 'info',
    objects: `SELECT pg_catalog.quote_ident(d.datname) AS name FROM pg_catalog.pg_database d
      WHERE ${THIS_DATABASE} AND NOT ${OWNED_BY_ROLE('d.datdba')} AND ${granted(DATABASE_ACL, 'TEMPORARY')}`,
    says: (names) => `may make temporary tables in ${names}, as every role may by default`,
    hint: 'REVOKE TEMPORARY ON DATABASE … FROM PUBLIC, if nothing relies on it.',
  },
  {
    code: 'password_hashes',
    severity: 'warn',
    objects: `SELECT c.relname AS name FROM ${RELATIONS}
      WHERE n.nspname = 'pg_catalog' AND c.relname IN ('pg_authid', 'pg_shadow', 'pg_user_mapping')
        AND EXISTS (SELECT FROM pg_catalog.aclexplode(c.relacl) x
          WHERE x.privilege_type = 'SELECT' AND x.grantee <> c.relowner
            AND (x.grantee = 0 OR x.grantee IN (SELECT oid FROM reach)))`,
    says: (names) => `may read ${names}, where passwords or their hashes are`,
    hint: 'REVOKE SELECT ON it FROM the role.',
  },
  {
    code: 'server_functions',
    severity: 'bad',
    objects: `SELECT DISTINCT p.proname::text AS name FROM ${FUNCTIONS}
      WHERE p.proname IN (${list(SERVER_FUNCTIONS)}) AND ${CALLABLE}
        AND (n.nspname = 'pg_catalog' OR EXISTS (
          SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'))`,
    says: (names) => `may call ${names}, which reach the server's files or change how it runs`,
    hint: 'REVOKE EXECUTE ON these functions FROM the role, or from PUBLIC.',
  },
  {
    code: 'reaching_extension',
    severity: 'warn',
    objects: `SELECT DISTINCT e.extname::text AS name FROM pg_catalog.pg_extension e
      JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid
        AND d.deptype = 'e' AND d.classid = 'pg_catalog.pg_proc'::regclass
      JOIN pg_catalog.pg_proc p ON p.oid = d.objid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE e.extname IN (${list(REACHING_EXTENSIONS)}) AND ${CALLABLE}`,
    says: (names) => `may call functions of ${names}, which no read-only transaction holds back`,
    hint: 'DROP EXTENSION … where nobody needs it, or ALTER EXTENSION … SET SCHEMA to one the role has no USAGE on.',
  },
  {
    code: 'untrusted_functions',
    severity: 'warn',
    objects: `SELECT DISTINCT l.lanname::text AS name FROM pg_catalog.pg_language l
      JOIN pg_catalog.pg_proc p ON p.prolang = l.oid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE l.lanispl AND NOT l.lanpltrusted AND ${CALLABLE}`,
    says: (names) => `may call functions written in ${names}, which can do whatever the server's own user can`,
    hint: 'REVOKE EXECUTE ON these functions FROM PUBLIC, and grant it to those who need them.',
  },
  {
    code: 'untrusted_language',
    severity: 'info',
    objects: `SELECT l.lanname::text AS name FROM pg_catalog.pg_language l WHERE l.lanispl AND NOT l.lanpltrusted`,
    says: (names) => `finds the untrusted language ${names} installed; only superusers can write functions in it`,
    hint: 'DROP EXTENSION … where nobody needs it.',
  },
  {
    code: 'foreign_servers',
    severity: 'warn',
    objects: `SELECT 'server ' || pg_catalog.quote_ident(s.srvname) AS name FROM pg_catalog.pg_foreign_server s
        WHERE ${granted(`coalesce(s.srvacl, pg_catalog.acldefault('S', s.srvowner))`, 'USAGE')}
      UNION ALL SELECT 'wrapper ' || pg_catalog.quote_ident(w.fdwname) FROM pg_catalog.pg_foreign_data_wrapper w
        WHERE ${granted(`coalesce(w.fdwacl, pg_catalog.acldefault('F', w.fdwowner))`, 'USAGE')}`,
    says: (names) => `may use the foreign-data ${names}, and make foreign tables or mappings of its own with it`,
    hint: 'REVOKE USAGE ON FOREIGN SERVER … (or FOREIGN DATA WRAPPER …) FROM the role; reading foreign tables needs none.',
  },
  {
    code: 'foreign_tables',
    severity: 'info',
    objects: `SELECT ${RELATION} FROM ${RELATIONS} WHERE c.relkind = 'f' AND ${granted('c.relacl', 'SELECT')}`,
    says: (names) => `reads the foreign table ${names}: what that does is decided on the other server`,
    hint: 'Make sure the user mapping is of a role there that can only read.',
  },
  {
    code: 'definer_functions',
    severity: 'info',
    objects: `SELECT o.identity AS name FROM (
        SELECT p.oid FROM ${FUNCTIONS}
        WHERE p.prosecdef AND NOT ${IS_SYSTEM} AND NOT ${OWNED_BY_ROLE('p.proowner')} AND ${CALLABLE} LIMIT ${COUNTED}) p
      CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) o`,
    says: (names) =>
      `may call ${names}, which run with their owner's rights (SECURITY DEFINER); the guard refuses them`,
    hint: 'REVOKE EXECUTE ON these functions FROM PUBLIC where not everyone needs them.',
  },
];
