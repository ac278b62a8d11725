import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { parseFrameBounds, parseWindow as parseSharedWindow, parseSortList } from '../../parsing/window.ts';

/** `WITHIN GROUP (…)`, `FILTER (…)`, `FROM FIRST`, `IGNORE NULLS`, `OVER …` after a call's parenthesis. */
export function parseOverClause(parsing: Parsing, scope: Scope, name: string): void {
  const { cursor } = parsing;
  if (cursor.accept('WITHIN', 'GROUP', '(', 'ORDER', 'BY')) {
    parseSortList(parsing, scope);
    cursor.expect(')');
  }
  if (cursor.accept('FILTER', '(', 'WHERE')) {
    parsing.expression(scope);
    cursor.expect(')');
  }
  // Behind another function, FROM FIRST reads a table.
  if (name === 'nth_value' && (cursor.at('FIRST', 1) || cursor.at('LAST', 1)) && cursor.accept('FROM')) cursor.take();
  if (!cursor.accept('IGNORE', 'NULLS')) cursor.accept('RESPECT', 'NULLS');
  // OVER is a plain name, here an alias, unless a parenthesis or a name follows.
  if (!cursor.at('OVER') || !(cursor.at('(', 1) || cursor.atName(1))) return;
  cursor.take();
  if (cursor.at('(')) parseWindow(parsing, scope);
  else cursor.name();
}

/** Snowflake's frames have no EXCLUDE. */
export function parseWindow(parsing: Parsing, scope: Scope): void {
  parseSharedWindow(parsing, scope, parseFrameBounds);
}
