import type { PostureFinding } from '#core/posture.ts';
import type { TextRow } from '../../text-row.ts';
import { COUNTED, type ObjectCheck } from './object-checks.ts';

/** So many of a check's objects are named; the others are counted. */
const NAMED = 3;

/** All checks as one query: rows of code, name and how many there are of that code. */
export function objectsQuery(checks: readonly ObjectCheck[]): string {
  const branches = checks.map(
    ({ code, objects }) => `SELECT '${code}'::text AS code, name::text FROM (${objects}) found`,
  );
  return `
    WITH reach AS (
      SELECT r.oid FROM pg_catalog.pg_roles r
      WHERE pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER') OR pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER'))
    SELECT code, name, total FROM (
      SELECT code, name, count(*) OVER (PARTITION BY code) AS total,
             row_number() OVER (PARTITION BY code ORDER BY name) AS nth
      FROM (${branches.join('\nUNION ALL\n')}) objects) ranked
    WHERE nth <= ${NAMED} ORDER BY code, nth`;
}

/** `rows` are those of objectsQuery. */
export function objectFindings(checks: readonly ObjectCheck[], rows: readonly TextRow[]): PostureFinding[] {
  return checks.flatMap(({ code, severity, says, hint }) => {
    const found = rows.filter((row) => row.text('code') === code);
    const [first] = found;
    if (first === undefined) return [];
    const message = `The role ${says(
      enumerate(
        found.map((row) => row.text('name')),
        first.number('total'),
      ),
    )}.`;
    return [{ code, severity, message, hint }];
  });
}

function enumerate(names: readonly string[], total: number): string {
  const rest = total - names.length;
  if (rest > 0) return `${names.join(', ')} and ${total === COUNTED ? 'at least ' : ''}${rest} more`;
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
