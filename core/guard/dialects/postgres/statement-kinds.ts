/** What to say of the statements that are not reads; any other kind is named after its node. */
const STATEMENT_REASONS: Readonly<Record<string, string>> = {
  InsertStmt: 'INSERT changes data.',
  UpdateStmt: 'UPDATE changes data.',
  DeleteStmt: 'DELETE changes data.',
  MergeStmt: 'MERGE changes data.',
  TruncateStmt: 'TRUNCATE changes data.',
  CopyStmt: 'COPY reads or writes files, programs or tables.',
  DoStmt: 'DO runs a program in the database.',
  CallStmt: 'CALL runs a procedure.',
  VariableSetStmt: 'SET and RESET change the session.',
  TransactionStmt: 'BEGIN, COMMIT and the like control the transaction, which Custard does itself.',
  PrepareStmt: 'PREPARE changes the session.',
  ExecuteStmt: 'EXECUTE runs a statement the guard cannot see.',
  DeclareCursorStmt: 'DECLARE opens a cursor, which outlives the statement.',
  FetchStmt: 'FETCH and MOVE use a cursor, whose statement the guard cannot see.',
  ListenStmt: 'LISTEN changes the session.',
  UnlistenStmt: 'UNLISTEN changes the session.',
  NotifyStmt: 'NOTIFY sends a message to other sessions.',
  LockStmt: 'LOCK takes a lock on tables.',
  CreateTableAsStmt: 'CREATE TABLE AS and CREATE MATERIALIZED VIEW create a table.',
  CreateStmt: 'CREATE TABLE creates a table.',
  ViewStmt: 'CREATE VIEW creates a view.',
  RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW changes data.',
  DropStmt: 'DROP deletes an object of the database.',
  GrantStmt: 'GRANT and REVOKE change rights.',
  GrantRoleStmt: 'GRANT and REVOKE change rights.',
  LoadStmt: 'LOAD loads a library into the server.',
  VacuumStmt: 'VACUUM and ANALYZE rewrite tables or statistics.',
  CheckPointStmt: 'CHECKPOINT writes the server’s buffers.',
  ReindexStmt: 'REINDEX rewrites indexes.',
  IntoClause: 'SELECT INTO creates a table.',
  LockingClause: 'FOR UPDATE and FOR SHARE lock rows.',
};

/** `AlterTableStmt` → "ALTER TABLE is not a read." */
export function reasonForKind(kind: string): string {
  const known = Object.hasOwn(STATEMENT_REASONS, kind) ? STATEMENT_REASONS[kind] : undefined;
  if (known !== undefined) return known;
  const words = kind.replace(/Stmt$/, '').replace(/([a-z])([A-Z])/g, '$1 $2');
  return `${words.toUpperCase()} is not a read.`;
}
