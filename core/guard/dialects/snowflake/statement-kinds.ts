import { Refused } from '../../classify.ts';
import type { Cursor } from '../../parsing/cursor.ts';

const CHANGES_DATA = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE', 'COPY'];
const CHANGES_SCHEMA = ['CREATE', 'DROP', 'UNDROP', 'ALTER', 'COMMENT', 'REPLACE'];
const CHANGES_RIGHTS = ['GRANT', 'REVOKE'];
const CHANGES_SESSION = ['SET', 'UNSET', 'USE'];
const TRANSACTIONS = ['BEGIN', 'START', 'COMMIT', 'ROLLBACK', 'ABORT', 'LOCK', 'UNLOCK'];
const RUNS_CODE = ['CALL', 'EXECUTE', 'DECLARE', 'FOR'];
const STAGES = ['PUT', 'GET', 'LIST', 'LS', 'REMOVE', 'RM'];
const SHOWS = ['SHOW', 'DESCRIBE', 'DESC'];
const FOREIGN = ['VACUUM', 'ANALYZE', 'ATTACH', 'DETACH', 'REFRESH'];

/** Snowflake's statements that are not reads, by the keyword they begin with. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ...each(CHANGES_DATA, 'changes data.'),
  ...each(CHANGES_SCHEMA, 'changes objects of the account.'),
  ...each(CHANGES_RIGHTS, 'changes rights.'),
  ...each(CHANGES_SESSION, 'changes the session.'),
  ...each(TRANSACTIONS, 'controls the transaction, which Custard does itself.'),
  ...each(RUNS_CODE, 'runs other statements, which the guard does not see.'),
  ...each(STAGES, 'reads or writes files.'),
  ...each(SHOWS, 'tells of objects that the policy is not asked about; the views of INFORMATION_SCHEMA say the same.'),
  ...each(FOREIGN, 'is not a read.'),
]);

function each(keywords: readonly string[], reason: string): (readonly [string, string])[] {
  return keywords.map((keyword) => [keyword, `${keyword} ${reason}`] as const);
}

/** @throws Refused where another statement begins, at the start or after WITH. */
export function refuseOtherStatements(cursor: Cursor): void {
  const { kind, text, offset } = cursor.peek();
  const reason = kind === 'keyword' ? REASONS.get(text) : undefined;
  if (reason === undefined) return;
  throw new Refused({
    code: 'NOT_READ_ONLY',
    reason,
    hint: 'Custard runs reads only: SELECT, VALUES, EXPLAIN.',
    offset,
  });
}

/** What makes a SELECT more than a read. @throws Refused there */
export function refuseEffects(cursor: Cursor): void {
  const { offset } = cursor.peek();
  const reason = cursor.at('INTO')
    ? 'INTO stores what the query reads.'
    : cursor.at('FOR') && cursor.at('UPDATE', 1)
      ? 'FOR UPDATE locks rows.'
      : cursor.at('->>')
        ? 'The operator ->> runs one statement after another.'
        : undefined;
  if (reason === undefined) return;
  throw new Refused({ code: 'NOT_READ_ONLY', reason, hint: 'Leave it out.', offset });
}
