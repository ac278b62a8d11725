import type { Cursor } from '../../parsing/cursor.ts';
import { refuseConstruct, refuseStatement } from './refusals.ts';

const DATA = 'changes data';
const SCHEMA = 'changes the schema';
const SESSION = 'changes the session or the server';
const SERVER = 'administers the server';
const TRANSACTION = 'controls the transaction, which Custard does itself';
const UNSEEN = 'runs what the guard cannot see';

/** The engines' statements that are not reads, by the keyword they begin with. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ...every(DATA, 'INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'TRUNCATE', 'LOAD', 'IMPORT'),
  ...every(SCHEMA, 'CREATE', 'DROP', 'ALTER', 'RENAME'),
  ...every(SESSION, 'SET', 'RESET', 'USE', 'FLUSH', 'CHANGE'),
  ...every(SERVER, 'ANALYZE', 'BACKUP', 'BINLOG', 'CACHE', 'CHECK', 'CHECKSUM', 'CLONE', 'INSTALL', 'KILL', 'OPTIMIZE'),
  ...every(SERVER, 'PURGE', 'REPAIR', 'RESTART', 'SHUTDOWN', 'START', 'STOP', 'UNINSTALL'),
  ...every('changes rights', 'GRANT', 'REVOKE'),
  ...every(TRANSACTION, 'BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE', 'XA'),
  ...every(UNSEEN, 'CALL', 'DO', 'EXECUTE', 'PREPARE', 'DEALLOCATE', 'HANDLER', 'GET', 'SIGNAL', 'RESIGNAL', 'HELP'),
  ...every('locks tables or the server', 'LOCK', 'UNLOCK'),
]);

function every(reason: string, ...keywords: readonly string[]): [string, string][] {
  return keywords.map((keyword) => [keyword, `${keyword} ${reason}.`]);
}

/** @throws Refused where another statement begins, at the start or after WITH. */
export function refuseOtherStatements(cursor: Cursor): void {
  const token = cursor.peek();
  if (cursor.at('SHOW')) {
    const hint = 'Read information_schema: its tables, columns, statistics, key_column_usage and views.';
    refuseConstruct('SHOW does not say what it reads.', hint, token);
  }
  const reason = token.kind === 'keyword' ? REASONS.get(token.text) : undefined;
  if (reason !== undefined) refuseStatement(reason, token);
}

/** @throws Refused where a SELECT does more than read: INTO, FOR UPDATE and its like */
export function refuseSideEffects(cursor: Cursor): void {
  const token = cursor.peek();
  if (cursor.at('INTO')) refuseStatement('SELECT INTO writes a file or a variable.', token);
  const isLock = cursor.at('LOCK') || (cursor.at('FOR') && (cursor.at('UPDATE', 1) || cursor.at('SHARE', 1)));
  if (isLock) refuseStatement('FOR UPDATE, FOR SHARE and LOCK IN SHARE MODE lock rows.', token);
  if (cursor.at('PROCEDURE')) refuseStatement('PROCEDURE hands the rows to a procedure.', token);
}
