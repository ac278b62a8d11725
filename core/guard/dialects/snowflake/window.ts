import type { Magnitude, Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { words } from '../../words.ts';

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

const WINDOW_PARTS = words('PARTITION ORDER RANGE ROWS GROUPS');

export function parseWindow(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.expect('(');
  if (cursor.atName() && !cursor.atAny(WINDOW_PARTS)) cursor.take();
  if (cursor.accept('PARTITION', 'BY')) {
    do parsing.expression(scope);
    while (cursor.accept(','));
  }
  if (cursor.accept('ORDER', 'BY')) parseSortList(parsing, scope);
  if (cursor.accept('RANGE') || cursor.accept('ROWS') || cursor.accept('GROUPS')) parseFrame(parsing, scope);
  cursor.expect(')');
}

/** The expression parser takes `1 PRECEDING` up to PRECEDING, so AND is still there between the two bounds. */
function parseFrame(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  const isRange = cursor.accept('BETWEEN');
  parseFrameBound(parsing, scope);
  if (!isRange) return;
  cursor.expect('AND');
  parseFrameBound(parsing, scope);
}

function parseFrameBound(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('CURRENT', 'ROW')) return;
  if (!cursor.accept('UNBOUNDED')) parsing.expression(scope);
  if (!cursor.accept('PRECEDING') && !cursor.accept('FOLLOWING')) cursor.fail('expected PRECEDING or FOLLOWING');
}

/** @param onTerm told each term's value where that is a constant */
export function parseSortList(parsing: Parsing, scope: Scope, onTerm?: (size: Magnitude) => void): void {
  const { cursor } = parsing;
  do {
    const size = parsing.expression(scope);
    onTerm?.(size);
    if (!cursor.accept('ASC')) cursor.accept('DESC');
    if (cursor.accept('NULLS') && !cursor.accept('FIRST') && !cursor.accept('LAST'))
      cursor.fail('expected FIRST or LAST');
  } while (cursor.accept(','));
}
