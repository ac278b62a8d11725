import type { Cursor } from '../../parsing/cursor.ts';
import { refuseConstruct, refuseStatement } from './refusals.ts';
import { refuseOtherStatements } from './statement-kinds.ts';

const STARTS: ReadonlySet<string> = new Set(['EXPLAIN', 'DESCRIBE', 'DESC']);
/** Both engines have them in all versions, and neither runs the statement for them. */
const FORMATS: ReadonlySet<string> = new Set(['TRADITIONAL', 'JSON']);

/** `EXPLAIN FORMAT=JSON`, up to the statement it explains; false where there is none. */
export function acceptExplain(cursor: Cursor): boolean {
  if (!cursor.atAny(STARTS)) return false;
  cursor.take();
  const token = cursor.peek();
  if (cursor.at('ANALYZE')) refuseStatement('EXPLAIN ANALYZE runs the statement.', token);
  if (cursor.accept('FORMAT', '=')) acceptFormat(cursor);
  else if (!cursor.accept('EXTENDED')) cursor.accept('PARTITIONS');
  refuseOtherStatements(cursor);
  if (cursor.accept('FOR')) refuseStatement('EXPLAIN FOR shows what another session runs.', token);
  if (cursor.atName()) {
    refuseConstruct('DESCRIBE does not say what it reads.', 'Read information_schema.columns.', token);
  }
  return true;
}

function acceptFormat(cursor: Cursor): void {
  const token = cursor.take();
  const name = token.text.toUpperCase();
  if (token.kind === 'string' || token.kind === 'keyword' || token.kind === 'name') {
    if (FORMATS.has(name)) return;
  }
  refuseConstruct('EXPLAIN has that format in some versions only.', 'Use FORMAT=JSON or FORMAT=TRADITIONAL.', token);
}
