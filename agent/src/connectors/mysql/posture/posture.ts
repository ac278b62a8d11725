import { isCustardError } from '#core/errors.ts';
import { type Posture, type PostureFinding, toPosture } from '#core/posture.ts';
import type { TextRow } from '../../text-row.ts';
import { inScope } from '../catalog-queries.ts';
import type { ExchangeOptions } from '../exchange.ts';
import type { Session } from '../session.ts';
import { queryText, TextRows } from '../text-query.ts';
import { grantFindings } from './grant-findings.ts';
import { leastPrivilegeSql } from './least-privilege.ts';
import { type Grant, parseGrant } from './parse-grants.ts';
import { transportFindings } from './transport-findings.ts';

/** For everything together; what could not be looked at by then is said to be unknown. */
const BUDGET_MS = 10_000;
/** So many roles are looked at. */
const MAX_ROLES = 100;

interface AssessOptions {
  readonly database: string | null;
  readonly signal: AbortSignal;
}

type Asked = Pick<ExchangeOptions, 'before' | 'statement'>;
type Ask = (what: string, asked: Asked) => Promise<TextRow[] | null>;

/** Grades the account of a session by its grants, and by those of every role that it could take. */
export async function assessAccount(session: Session, { database, signal }: AssessOptions): Promise<Posture> {
  const deadline = performance.now() + BUDGET_MS;
  const unknown: PostureFinding[] = [];
  const ask: Ask = async (what, asked) => {
    try {
      const timeoutMs = Math.max(1, Math.ceil(deadline - performance.now()));
      return await queryText(session, { ...asked, timeoutMs, signal });
    } catch (error) {
      if (!session.usable || !saysOfServer(error)) throw error;
      unknown.push(notInspected(what));
      return null;
    }
  };
  const grants = await allGrants(ask, { isMariadb: session.server.isMariadb, unknown });
  const account =
    (await ask('what the account is', { statement: 'SELECT CURRENT_USER() AS account' }))?.[0]?.text('account') ?? '';
  const schemas = `SELECT SCHEMA_NAME AS s FROM information_schema.SCHEMATA WHERE ${inScope('SCHEMA_NAME', database)}
    ORDER BY SCHEMA_NAME LIMIT 100`;
  const names = (await ask('the names of the databases', { statement: schemas })) ?? [];
  return toPosture(
    [...grantFindings(grants), ...transportFindings(session), ...unknown],
    leastPrivilegeSql({
      account,
      databases: database === null ? names.map((row) => row.text('s')) : [database],
      isMariadb: session.server.isMariadb,
    }),
  );
}

/** A role that is granted can be taken, whether it is active or not. The roles of a role come with it. */
async function allGrants(
  ask: Ask,
  { isMariadb, unknown }: { readonly isMariadb: boolean; readonly unknown: PostureFinding[] },
): Promise<Grant[]> {
  const read = (rows: readonly TextRow[] | null): Grant[] =>
    (rows ?? []).flatMap((row) => {
      const grant = parseGrant(row.first());
      if (grant === null) unknown.push(notInspected('what one of its grants means'));
      return grant === null ? [] : [grant];
    });
  const own = read(await ask("the account's grants", { statement: 'SHOW GRANTS' }));
  const roles = directRoles(own);
  const grants = [...own];
  for (const role of roles.slice(0, MAX_ROLES)) {
    grants.push(...read(await ask(`the grants of the role ${role}`, show(role, isMariadb))));
  }
  if (roles.length > MAX_ROLES) unknown.push(notInspected('the grants of further roles'));
  return distinct(grants);
}

/** MariaDB lists what an active role was granted, too; that comes with the role. */
function directRoles(grants: readonly Grant[]): string[] {
  const toSomebody = grants.filter((grant) => grant.kind === 'roles');
  const all = new Set(toSomebody.flatMap(({ roles }) => roles));
  return [...new Set(toSomebody.filter(({ to }) => !all.has(to)).flatMap(({ roles }) => roles))];
}

/** As if the role were taken: both servers show an account no more of a role than that. */
function show(role: string, isMariadb: boolean): Asked {
  if (!isMariadb) return { statement: `SHOW GRANTS FOR CURRENT_USER() USING ${role}` };
  return { before: { statement: `SET ROLE ${role}`, receiver: new TextRows() }, statement: 'SHOW GRANTS' };
}

const distinct = (grants: readonly Grant[]): Grant[] => [
  ...new Map(grants.map((grant) => [JSON.stringify(grant), grant])).values(),
];

/** Whether an error tells something of the rights or the server, and not of the connection. */
function saysOfServer(error: unknown): boolean {
  if (!isCustardError(error)) return false;
  return !['QUERY_CANCELED', 'DATABASE_UNREACHABLE', 'AGENT_BUSY', 'INTERNAL'].includes(error.code);
}

const notInspected = (what: string): PostureFinding => ({
  code: 'not_inspected',
  severity: 'warn',
  message: `Not known: ${what}.`,
  hint: 'Look at it with an account that administers the server: SHOW GRANTS FOR the account and each of its roles.',
});
