import { words } from '../words.ts';
import type { Magnitude, Parsing } from './parsing.ts';
import type { Scope } from './scope.ts';

/** `WITHIN GROUP (ORDER BY …)`, `FILTER (WHERE …)`, `OVER name`, `OVER (…)` after a call's parenthesis. */
export function parseOverClause(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('WITHIN', 'GROUP', '(', 'ORDER', 'BY')) {
    parsing.expression(scope);
    cursor.expect(')');
  }
  if (cursor.accept('FILTER', '(')) {
    cursor.expect('WHERE');
    parsing.expression(scope);
    cursor.expect(')');
  }
  // OVER is a plain name, here an alias, unless a parenthesis or a name follows.
  if (!cursor.at('OVER') || !(cursor.at('(', 1) || cursor.atName(1))) return;
  cursor.take();
  if (cursor.at('(')) parseWindow(parsing, scope);
  else cursor.name();
}

const WINDOW_PARTS = words('PARTITION ORDER RANGE ROWS GROUPS');

/** @param frame what may stand after ROWS, RANGE or GROUPS; not every dialect has EXCLUDE */
export function parseWindow(parsing: Parsing, scope: Scope, frame: ParseFrame = parseFrame): void {
  const { cursor } = parsing;
  cursor.expect('(');
  if (cursor.atName() && !cursor.atAny(WINDOW_PARTS)) cursor.take();
  if (cursor.accept('PARTITION', 'BY')) {
    do parsing.expression(scope);
    while (cursor.accept(','));
  }
  if (cursor.accept('ORDER', 'BY')) parseSortList(parsing, scope);
  if (cursor.accept('RANGE') || cursor.accept('ROWS') || cursor.accept('GROUPS')) frame(parsing, scope);
  cursor.expect(')');
}

type ParseFrame = (parsing: Parsing, scope: Scope) => void;

const parseFrame: ParseFrame = (parsing, scope) => {
  const { cursor } = parsing;
  parseFrameBounds(parsing, scope);
  if (!cursor.accept('EXCLUDE')) return;
  const isKnown =
    cursor.accept('NO', 'OTHERS') || cursor.accept('CURRENT', 'ROW') || cursor.accept('GROUP') || cursor.accept('TIES');
  if (!isKnown) cursor.fail('expected what to exclude from the frame');
};

/** The expression parser takes `1 PRECEDING` up to PRECEDING, so AND is still there between the two bounds. */
export const parseFrameBounds: ParseFrame = (parsing, scope) => {
  const isRange = parsing.cursor.accept('BETWEEN');
  parseFrameBound(parsing, scope);
  if (!isRange) return;
  parsing.cursor.expect('AND');
  parseFrameBound(parsing, scope);
};

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
