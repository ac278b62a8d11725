import { Refused } from '../../classify.ts';
import type { Cursor } from '../../parsing/cursor.ts';

/** SQLite's statements that are not reads, by the keyword they begin with. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['INSERT', 'INSERT changes data.'],
  ['REPLACE', 'REPLACE changes data.'],
  ['UPDATE', 'UPDATE changes data.'],
  ['DELETE', 'DELETE changes data.'],
  ['CREATE', 'CREATE changes the schema.'],
  ['DROP', 'DROP changes the schema.'],
  ['ALTER', 'ALTER changes the schema.'],
  ['ATTACH', 'ATTACH opens another file.'],
  ['DETACH', 'DETACH changes the session.'],
  ['PRAGMA', 'PRAGMA reads or changes settings of the database.'],
  ['VACUUM', 'VACUUM rewrites the database.'],
  ['REINDEX', 'REINDEX rewrites indexes.'],
  ['ANALYZE', 'ANALYZE writes statistics.'],
  ['BEGIN', 'BEGIN controls the transaction, which Custard does itself.'],
  ['COMMIT', 'COMMIT controls the transaction, which Custard does itself.'],
  ['END', 'END controls the transaction, which Custard does itself.'],
  ['ROLLBACK', 'ROLLBACK controls the transaction, which Custard does itself.'],
  ['SAVEPOINT', 'SAVEPOINT controls the transaction, which Custard does itself.'],
  ['RELEASE', 'RELEASE controls the transaction, which Custard does itself.'],
]);

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
