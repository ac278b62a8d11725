import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { parseSortList } from '../../parsing/window.ts';
import { acceptAlias, parseDotted, SELECT_STARTS } from './keywords.ts';

/** `PIVOT (SUM(a) FOR b IN (…) DEFAULT ON NULL (0))`. */
export function parsePivot(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.take();
  cursor.expect('(');
  do {
    parsing.expression(scope);
    acceptAlias(cursor);
  } while (cursor.accept(','));
  cursor.expect('FOR');
  parseDotted(cursor);
  cursor.expect('IN');
  cursor.expect('(');
  if (cursor.accept('ANY')) {
    if (cursor.accept('ORDER', 'BY')) parseSortList(parsing, scope);
  } else if (cursor.atAny(SELECT_STARTS)) parsing.select(scope);
  else parseValues(parsing, scope);
  cursor.expect(')');
  if (cursor.accept('DEFAULT', 'ON', 'NULL', '(')) {
    parsing.expression(scope);
    cursor.expect(')');
  }
  cursor.expect(')');
}

/** `UNPIVOT INCLUDE NULLS (a FOR b IN (c AS 'C', d))`. */
export function parseUnpivot(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.take();
  if (cursor.accept('INCLUDE') || cursor.accept('EXCLUDE')) cursor.expect('NULLS');
  cursor.expect('(');
  cursor.name();
  cursor.expect('FOR');
  cursor.name();
  cursor.expect('IN');
  cursor.expect('(');
  parseValues(parsing, scope);
  cursor.expect(')');
  cursor.expect(')');
}

function parseValues(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  do {
    parsing.expression(scope);
    if (cursor.at('AS') && cursor.peek(1).kind === 'string') {
      cursor.take();
      cursor.take();
    } else acceptAlias(cursor);
  } while (cursor.accept(','));
}
