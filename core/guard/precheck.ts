import { KIB, MAX_STATEMENT_BYTES } from '../protocol/limits.ts';
import { denied } from './refusal.ts';
import type { Denied } from './verdict.ts';

/** What no parser may be shown: an oversized statement, a NUL (C parsers stop there) and broken UTF-16. */
export function precheck(statement: string): Denied | undefined {
  // UTF-8 is never shorter than UTF-16 code units: the cheap test first, so that 10 MB are not encoded to be counted.
  if (statement.length > MAX_STATEMENT_BYTES || Buffer.byteLength(statement) > MAX_STATEMENT_BYTES) {
    return denied('STATEMENT_TOO_LARGE', `The statement is larger than ${MAX_STATEMENT_BYTES / KIB} KiB.`, {
      hint: 'Shorten it: long lists of values are better joined from a table.',
    });
  }
  const nul = statement.indexOf('\0');
  if (nul >= 0) {
    return denied('STATEMENT_INVALID', 'The statement holds a NUL character.', {
      hint: 'Remove the NUL character.',
      where: positionOf(statement, nul),
    });
  }
  if (!statement.isWellFormed()) {
    return denied('STATEMENT_INVALID', 'The statement is not valid Unicode: it holds half of a surrogate pair.', {
      hint: 'Send the statement as UTF-8.',
    });
  }
  return undefined;
}

/** `offset` in UTF-16 units, the position in characters. */
export function positionOf(statement: string, offset: number): { line: number; column: number } {
  const before = statement.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: [...before.slice(lineStart)].length + 1 };
}
