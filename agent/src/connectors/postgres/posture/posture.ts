import { isCustardError } from '#core/errors.ts';
import { type Posture, type PostureFinding, toPosture } from '#core/posture.ts';
import type { TextRow } from '../../text-row.ts';
import type { Session } from '../session.ts';
import { queryText } from '../text-query.ts';
import { leastPrivilegeSql, NAMES } from './least-privilege.ts';
import { OBJECT_CHECKS } from './object-checks.ts';
import { objectFindings, objectsQuery } from './object-findings.ts';
import { isSuperuser, ROLES, roleFindings } from './role-findings.ts';
import { DEFAULTS, defaultsFindings, transportFindings } from './session-findings.ts';

/** For everything together; what could not be looked at by then is said to be unknown. */
const BUDGET_MS = 10_000;

interface AssessOptions {
  /** For the SQL, where even the catalogs are closed to the role. */
  readonly database: string;
  readonly signal: AbortSignal;
}

/**
 * Grades the role of a session by what the catalogs say it may do, itself or as a role it can
 * become. Four queries; when the one for objects fails, each of its checks is tried alone.
 */
export async function assessRole(session: Session, { database, signal }: AssessOptions): Promise<Posture> {
  const deadline = performance.now() + BUDGET_MS;
  const unknown: PostureFinding[] = [];
  const ask = async (what: string, statement: string): Promise<TextRow[] | null> => {
    try {
      const timeoutMs = Math.max(1, Math.ceil(deadline - performance.now()));
      return await queryText(session, { statement, timeoutMs, signal });
    } catch (error) {
      const reason = reasonNotToKnow(error);
      if (reason === null || !session.usable) throw error;
      unknown.push(notInspected(what, reason));
      return null;
    }
  };
  const roles = await ask('what the role is', ROLES);
  const findings = [
    ...roleFindings(roles ?? []),
    // Every right is a superuser's: there is nothing more to list.
    ...(isSuperuser(roles ?? []) ? [] : await assessObjects(ask, unknown)),
    ...defaultsFindings((await ask("the role's settings", DEFAULTS)) ?? []),
    ...transportFindings(session),
  ];
  const names = await ask('the names of schemas and owners', NAMES);
  return toPosture([...findings, ...unknown], leastPrivilegeSql(names ?? [], database));
}

type Ask = (what: string, statement: string) => Promise<TextRow[] | null>;

/** Where a part of the catalogs is closed to the role, only the checks that need it stay unknown. */
async function assessObjects(ask: Ask, unknown: PostureFinding[]): Promise<PostureFinding[]> {
  const rows = await ask('grants', objectsQuery(OBJECT_CHECKS));
  if (rows !== null) return objectFindings(OBJECT_CHECKS, rows);
  unknown.pop();
  const findings: PostureFinding[] = [];
  for (const check of OBJECT_CHECKS) {
    const alone = await ask(check.code, objectsQuery([check]));
    findings.push(...objectFindings([check], alone ?? []));
  }
  return findings;
}

/** Why a question of the catalogs has no answer, where that says something of the catalogs and not of the connection. */
function reasonNotToKnow(error: unknown): string | null {
  if (!isCustardError(error)) return null;
  switch (error.code) {
    case 'QUERY_TIMEOUT':
      return 'the catalogs took too long';
    case 'PERMISSION_DENIED':
    case 'QUERY_FAILED':
    case 'RELATION_NOT_FOUND':
    case 'COLUMN_NOT_FOUND':
    case 'STATEMENT_INVALID':
      return error.message;
    default:
      return null;
  }
}

const notInspected = (what: string, reason: string): PostureFinding => ({
  code: 'not_inspected',
  severity: 'warn',
  message: `Not known: ${what} (${reason}).`,
  hint: "Give the role its right to read PostgreSQL's catalogs back, which every role has by default, and check again.",
});
