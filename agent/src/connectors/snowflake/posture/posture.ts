import { isCustardError } from '#core/errors.ts';
import { type Posture, type PostureFinding, toPosture } from '#core/posture.ts';
import { quoteIdentifier } from '../../quote-identifier.ts';
import type { TextRow } from '../text-query.ts';
import { leastPrivilege } from './least-privilege.ts';

type Query = (statement: string) => Promise<TextRow[]>;

const MAX_ROLES = 30;
/** Every role is in it. */
const EVERYBODY = 'PUBLIC';
const ADMINISTRATORS: ReadonlySet<string> = new Set([
  'ACCOUNTADMIN',
  'SECURITYADMIN',
  'SYSADMIN',
  'USERADMIN',
  'ORGADMIN',
  'GLOBALORGADMIN',
]);
/** All that a reader needs, and what shows no more than that. Whatever is not here may change something. */
const READING: ReadonlySet<string> = new Set([
  'SELECT',
  'USAGE',
  'REFERENCES',
  'MONITOR',
  'MONITOR USAGE',
  'RESOLVE ALL',
]);
/** USAGE of these runs code that may do anything its owner may, or reaches out of Snowflake. */
const RUNNING: ReadonlySet<string> = new Set(['PROCEDURE', 'INTEGRATION', 'EXTERNAL_FUNCTION', 'FUNCTION']);

const OWN_ROLE = 'Give the agent a role of its own; the least-privilege SQL makes one.';

interface Context {
  readonly role: string | null;
  readonly secondary: readonly string[];
  readonly warehouse: string | null;
}

/** Snowflake has no mode in which a session only reads: what the role may do, a statement may that gets past the guard. */
export async function assessRole({ database }: { readonly database: string }, query: Query): Promise<Posture> {
  const context = await readContext(query);
  const sql = leastPrivilege({ database, warehouse: context.warehouse });
  if (context.role === null) return toPosture([unknown('the session has no role')], sql);
  const walked = await walkRoles([context.role, ...context.secondary, EVERYBODY], query);
  return toPosture(
    [
      ...administratorFindings(walked.roles),
      ...grantFindings(walked.grants),
      ...walked.problems.map(unknown),
      ...secondaryFindings(context.secondary),
    ],
    sql,
  );
}

const CONTEXT =
  'SELECT CURRENT_ROLE() AS ROLE, CURRENT_SECONDARY_ROLES() AS SECONDARY, CURRENT_WAREHOUSE() AS WAREHOUSE';

async function readContext(query: Query): Promise<Context> {
  const [row] = await query(CONTEXT);
  const [, names = ''] = /"roles"\s*:\s*"([^"]*)"/.exec(row?.textOrNull('secondary') ?? '') ?? [];
  return {
    role: row?.textOrNull('role') ?? null,
    secondary: names.split(',').filter((name) => name !== ''),
    warehouse: row?.textOrNull('warehouse') ?? null,
  };
}

interface Walked {
  readonly roles: Set<string>;
  readonly grants: TextRow[];
  readonly problems: string[];
}

/** The roles, and those that have been granted to them. */
async function walkRoles(names: readonly string[], query: Query): Promise<Walked> {
  const walked: Walked = { roles: new Set(), grants: [], problems: [] };
  const open = [...names];
  for (let role = open.pop(); role !== undefined; role = open.pop()) {
    if (walked.roles.has(role)) continue;
    if (walked.roles.size === MAX_ROLES) {
      walked.problems.push(`it has more than ${MAX_ROLES} roles`);
      break;
    }
    walked.roles.add(role);
    const grants = await grantsTo(role, query);
    if (grants === null) walked.problems.push(`the grants of the role ${role} cannot be seen`);
    walked.grants.push(...(grants ?? []));
    const granted = (grants ?? []).filter((grant) => grant.textOrNull('privilege') === 'USAGE');
    open.push(
      ...granted.filter((grant) => grant.textOrNull('granted_on') === 'ROLE').map((grant) => grant.text('name')),
    );
    const inDatabase = granted.filter((grant) => grant.textOrNull('granted_on') === 'DATABASE_ROLE');
    walked.problems.push(...inDatabase.map((grant) => `the database role ${grant.text('name')} was not looked into`));
  }
  return walked;
}

async function grantsTo(role: string, query: Query): Promise<TextRow[] | null> {
  try {
    return await query(`SHOW GRANTS TO ROLE ${quoteIdentifier(role)}`);
  } catch (error) {
    const isRefused =
      isCustardError(error) && (error.code === 'PERMISSION_DENIED' || error.code === 'RELATION_NOT_FOUND');
    if (isRefused) return null;
    throw error;
  }
}

const unknown = (problem: string): PostureFinding => ({
  code: 'not_checked',
  severity: 'warn',
  message: `Not everything the role may do could be found out: ${problem}.`,
  hint: OWN_ROLE,
});

function administratorFindings(roles: ReadonlySet<string>): PostureFinding[] {
  return [...roles]
    .filter((role) => ADMINISTRATORS.has(role))
    .map((role) => ({
      code: 'administrator',
      severity: 'bad',
      message: `The session may act as ${role}, which administers the account.`,
      hint: OWN_ROLE,
    }));
}

function grantFindings(grants: readonly TextRow[]): PostureFinding[] {
  const privilege = (row: TextRow) => row.textOrNull('privilege') ?? '';
  const kind = (row: TextRow) => row.textOrNull('granted_on') ?? '';
  const owned = grants.filter((row) => privilege(row) === 'OWNERSHIP');
  const writing = grants.filter((row) => privilege(row) !== 'OWNERSHIP' && !READING.has(privilege(row)));
  const running = grants.filter((row) => privilege(row) === 'USAGE' && RUNNING.has(kind(row)));
  const name = (row: TextRow) => `${kind(row)} ${row.textOrNull('name') ?? ''}`;
  return [
    ...finding('ownership', 'bad', owned, `The role owns ${listed(owned.map(name))}: it may change and drop them.`),
    ...finding(
      'write_grants',
      'bad',
      writing,
      `The role may do more than read: ${listed(writing.map((row) => `${privilege(row)} on ${name(row)}`))}.`,
    ),
    ...finding(
      'runs_code',
      'warn',
      running,
      `The role may run ${listed(running.map(name))}, which may do more than read.`,
    ),
  ];
}

function finding(
  code: string,
  severity: PostureFinding['severity'],
  found: readonly TextRow[],
  message: string,
): PostureFinding[] {
  return found.length === 0 ? [] : [{ code, severity, message, hint: `REVOKE it. ${OWN_ROLE}` }];
}

const NAMED = 3;

function listed(names: readonly string[]): string {
  const [shown, rest] = [names.slice(0, NAMED).join(', '), names.length - NAMED];
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

function secondaryFindings(secondary: readonly string[]): PostureFinding[] {
  if (secondary.length === 0) return [];
  return [
    {
      code: 'secondary_roles',
      severity: 'warn',
      message: `The session has the rights of other roles of its user too: ${listed(secondary)}.`,
      hint: 'ALTER USER … SET DEFAULT_SECONDARY_ROLES = ().',
    },
  ];
}
