import type { ErrorCode } from '#core/errors.ts';

interface PoolerTranslation {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const AUTH: PoolerTranslation = {
  code: 'DATABASE_AUTH_FAILED',
  message: 'The pooler does not let this user in.',
  hint: "Check user and password, and that the pooler knows the user (PgBouncer: auth_file or auth_query; Supabase's pooler: the user is postgres.PROJECT).",
};
const NO_DATABASE: PoolerTranslation = {
  code: 'DATABASE_NOT_FOUND',
  message: 'The pooler knows no such database.',
  hint: 'Check the database name at the end of the URL, or DB_NAME, and the [databases] of the pooler.',
};
const SERVER_AWAY: PoolerTranslation = {
  code: 'DATABASE_UNREACHABLE',
  message: 'The pooler cannot get to the database server behind it.',
  hint: 'Look whether that server is up, and at the log of the pooler for why it is refused there.',
};
const FULL: PoolerTranslation = {
  code: 'DATABASE_UNREACHABLE',
  message: 'The pooler takes no more connections.',
  hint: 'Try again in a moment. If it stays, raise its limits (PgBouncer: max_client_conn, max_user_connections).',
};
const ENDED: PoolerTranslation = {
  code: 'DATABASE_UNREACHABLE',
  message: 'The pooler ended the connection.',
  hint: 'Try again in a moment; if it stays, look at the pooler.',
};

/**
 * By message, which is all that poolers tell their errors apart by: to PgBouncer each is a protocol violation (08P01),
 * to Supavisor an internal error (XX000).
 */
const TRANSLATIONS: readonly (readonly [RegExp, PoolerTranslation])[] = [
  [/^(?:no such user|SASL authentication failed|password authentication failed|"trust" authentication failed)/, AUTH],
  [/^(?:certificate authentication failed|login rejected|not allowed$|Tenant or user not found)/, AUTH],
  [/^(?:database ".*" does not exist|no such database|database ".*" is disabled)/s, NO_DATABASE],
  [/^(?:pgbouncer cannot connect to server|server login (?:has been failing|failed)|server conn crashed)/, SERVER_AWAY],
  [/^(?:client_login_timeout|connect failed|cannot connect|server DNS lookup failed)/, SERVER_AWAY],
  [/^(?:no more connections allowed|client connections exceeded|max ?clients|MaxClients)/i, FULL],
  [/^(?:pooler is shutting down|server shutting down|admin forced disconnect|database removed)/, ENDED],
  [/^(?:client_idle_timeout|idle.transaction.timeout|suspend_timeout|pause failed)/, ENDED],
  [
    /^query_wait_timeout/,
    {
      code: 'DATABASE_UNREACHABLE',
      message: 'The pooler had no connection to the server to give within its time.',
      hint: 'Try again in a moment. If it stays, look whether the server behind the pooler is up, or raise default_pool_size.',
    },
  ],
  [
    /^query_timeout/,
    {
      code: 'QUERY_TIMEOUT',
      message: 'The pooler ended the statement at its own time limit.',
      hint: 'Ask for less (a filter, a shorter period), or raise query_timeout of the pooler.',
    },
  ],
  [
    /^(?:transaction blocks|Transaction blocks) not allowed in statement pooling mode/,
    {
      code: 'CONFIG_INVALID',
      message:
        'The pooler is in statement mode: it has no transactions, and without one nothing makes reads read-only.',
      hint: 'Set pool_mode = transaction (or session) for this database in the pooler, or connect to the server itself.',
    },
  ],
  [
    /^unsupported (?:options )?startup parameter/,
    {
      code: 'CONFIG_INVALID',
      message: 'The pooler refuses a parameter of the URL.',
      hint: 'Take options= out of the URL, and set for the role what it sets: ALTER ROLE … SET … (search_path alone may stay).',
    },
  ],
  [
    /^SSL (?:required|connection is required)/,
    {
      code: 'CONFIG_INVALID',
      message: 'The pooler takes encrypted connections only.',
      hint: 'Set DB_SSLMODE=require, or sslmode=require in the URL.',
    },
  ],
];

const POOLER_CODES: ReadonlySet<string> = new Set(['08P01', 'XX000']);

/** What a pooler says of itself; undefined where the server behind it speaks. */
export function poolerTranslation(code: string, message: string): PoolerTranslation | undefined {
  if (!POOLER_CODES.has(code)) return undefined;
  const found = TRANSLATIONS.find(([pattern]) => pattern.test(message))?.[1];
  return found === undefined ? undefined : { ...found, message: `${found.message} (${message})` };
}
