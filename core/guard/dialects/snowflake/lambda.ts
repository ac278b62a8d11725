import type { Cursor } from '../../parsing/cursor.ts';
import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { isTypeName, parseType } from './types.ts';

/** How far ahead the arrow of a list of parameters is looked for. */
const MAX_PARAMETER_TOKENS = 64;

/**
 * `x -> …`, `x int -> …`, `(x, y int) -> …`. In its body the parameters are noted as columns, too: that names a column
 * too many, where leaving them out could hide one.
 */
export function acceptLambda(parsing: Parsing, scope: Scope): boolean {
  const { cursor } = parsing;
  if (cursor.at('(')) {
    if (!hasArrowBehind(cursor)) return false;
    cursor.take();
    if (!cursor.at(')')) {
      do parseParameter(cursor);
      while (cursor.accept(','));
    }
    cursor.expect(')');
  } else {
    if (!cursor.atName() || !(cursor.at('->', 1) || isTypedParameter(cursor))) return false;
    parseParameter(cursor);
  }
  cursor.expect('->');
  parsing.expression(scope);
  return true;
}

function parseParameter(cursor: Cursor): void {
  cursor.name();
  if (isTypeName(cursor.peek().text)) parseType(cursor);
}

function isTypedParameter(cursor: Cursor): boolean {
  if (!isTypeName(cursor.peek(1).text)) return false;
  return cursor.at('->', 2) || (cursor.at('(', 2) && arrowFollows(cursor, 2));
}

function hasArrowBehind(cursor: Cursor): boolean {
  return (cursor.at(')', 1) || cursor.atName(1)) && arrowFollows(cursor, 0);
}

/** Whether an arrow follows the parenthesis that closes the one `ahead`. */
function arrowFollows(cursor: Cursor, ahead: number): boolean {
  let depth = 0;
  for (let at = ahead; at < ahead + MAX_PARAMETER_TOKENS; at++) {
    if (cursor.at('(', at)) depth++;
    if (cursor.at(')', at) && --depth === 0) return cursor.at('->', at + 1);
  }
  return false;
}
