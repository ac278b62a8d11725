/** What to say of the statements that are not reads, by their first word. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['INSERT', 'INSERT changes data.'],
  ['UPDATE', 'UPDATE changes data.'],
  ['DELETE', 'DELETE changes data.'],
  ['MERGE', 'MERGE changes data.'],
  ['TRUNCATE', 'TRUNCATE changes data.'],
  ['COPY', 'COPY reads or writes files.'],
  ['EXPORT', 'EXPORT writes files.'],
  ['IMPORT', 'IMPORT reads files and changes data.'],
  ['ATTACH', 'ATTACH opens another database file.'],
  ['DETACH', 'DETACH closes a database file.'],
  ['INSTALL', 'INSTALL downloads an extension.'],
  ['LOAD', 'LOAD loads an extension into the server.'],
  ['SET', 'SET and RESET change the session.'],
  ['RESET', 'SET and RESET change the session.'],
  ['USE', 'USE changes the session.'],
  ['PRAGMA', 'PRAGMA changes or shows the engine’s settings.'],
  ['CALL', 'CALL runs a procedure.'],
  ['PREPARE', 'PREPARE changes the session.'],
  ['EXECUTE', 'EXECUTE runs a statement the guard cannot see.'],
  ['DEALLOCATE', 'DEALLOCATE changes the session.'],
  ['CHECKPOINT', 'CHECKPOINT writes the database file.'],
  ['FORCE', 'FORCE CHECKPOINT writes the database file.'],
  ['VACUUM', 'VACUUM and ANALYZE rewrite tables or statistics.'],
  ['ANALYZE', 'VACUUM and ANALYZE rewrite tables or statistics.'],
]);

export function reasonForHead(word: string): string {
  const isTransaction = ['BEGIN', 'START', 'COMMIT', 'ROLLBACK', 'ABORT', 'END'].includes(word);
  if (isTransaction) return 'BEGIN, COMMIT and the like control the transaction, which Custard does itself.';
  return (
    REASONS.get(word) ?? (QUERY.has(word) ? 'The statement does more than read.' : `${word || 'This'} is not a read.`)
  );
}

/** A query that the serializer does not take is a PIVOT without a list, or has a statement of another kind in it. */
export const QUERY: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'FROM', 'PIVOT', 'PIVOT_WIDER', '']);
