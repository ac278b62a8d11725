import { Refused } from '../classify.ts';
import type { Cursor } from './cursor.ts';

/** @throws Refused where there is no statement at all */
export function refuseNothing(cursor: Cursor): void {
  const { kind, offset } = cursor.peek();
  if (kind !== 'end' && !cursor.at(';')) return;
  throw new Refused({ code: 'STATEMENT_INVALID', reason: 'There is no statement.', hint: 'Write a SELECT.', offset });
}

/** @throws Refused at whatever follows the statement but semicolons */
export function refuseMore(cursor: Cursor): void {
  if (cursor.peek().kind === 'end') return;
  cursor.expect(';');
  while (cursor.accept(';'));
  const { kind, offset } = cursor.peek();
  if (kind === 'end') return;
  const reason = 'There is more than one statement.';
  throw new Refused({ code: 'MULTIPLE_STATEMENTS', reason, hint: 'Send one statement at a time.', offset });
}
