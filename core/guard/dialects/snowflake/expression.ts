import type { Cursor } from '../../parsing/cursor.ts';
import type { Magnitude, Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { words } from '../../words.ts';
import { parseField } from './keywords.ts';
import { parseOperand } from './operand.ts';
import { PatternScope } from './pattern-scope.ts';
import { parseType } from './types.ts';

const PREFIXES = words('- + NOT **');
const OPERATORS = words('|| * / % + - < <= > >= = <> != AND OR LIKE ILIKE RLIKE REGEXP ESCAPE BETWEEN');
const NEGATABLE = words('LIKE ILIKE RLIKE REGEXP BETWEEN');
const QUANTIFIABLE = words('LIKE ILIKE < <= > >= = <> !=');
const QUANTIFIERS = words('ANY ALL SOME');
/** Names, unless an operand follows. */
export const HIERARCHY_PREFIXES = words('PRIOR CONNECT_BY_ROOT');
const PATTERN_PREFIXES = words('FINAL RUNNING');

/**
 * An expression as a flat row of operands and operators. What it reads and calls does not depend on precedence, and a
 * chain of any length takes no stack; `a BETWEEN b AND c` and `a LIKE b ESCAPE c` are rows like any other.
 */
export function parseExpression(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  return cursor.nested(() => {
    let size = parsePrefixed(parsing, scope);
    for (;;) {
      const operator = cursor.peek().text;
      if (acceptCast(cursor)) continue;
      if (acceptPostfix(parsing, scope) || acceptIn(parsing, scope)) size = undefined;
      else if (acceptOperator(cursor)) size = combine(size, operator, parsePrefixed(parsing, scope));
      else return size;
    }
  });
}

function combine(left: Magnitude, operator: string, right: Magnitude): Magnitude {
  if (left === undefined || right === undefined) return undefined;
  const [first, second] = [Math.abs(left), Math.abs(right)];
  if (operator === '*') return first * second;
  // Concatenation writes digits one after the other.
  if (operator === '||') return Number(`${Math.ceil(first)}${Math.ceil(second)}`);
  return first + second;
}

function parsePrefixed(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  let isNegative = false;
  while (cursor.atAny(PREFIXES) || atPrefixWord(cursor, scope)) {
    isNegative = (cursor.take().text === '-') !== isNegative;
  }
  const size = parseOperand(parsing, scope);
  return isNegative && size !== undefined ? -size : size;
}

function atPrefixWord(cursor: Cursor, scope: Scope): boolean {
  const isWord = cursor.atAny(HIERARCHY_PREFIXES) || (scope instanceof PatternScope && cursor.atAny(PATTERN_PREFIXES));
  if (!isWord) return false;
  const { kind } = cursor.peek(1);
  return cursor.atName(1) ? !cursor.at('AS', 1) : kind === 'string' || kind === 'number' || cursor.at('(', 1);
}

/** `::type`, which leaves a constant what it is. */
function acceptCast(cursor: Cursor): boolean {
  if (!cursor.accept('::')) return false;
  parseType(cursor);
  return true;
}

/** `:path`, `[index]`, `.field` behind one of those, COLLATE. */
function acceptPostfix(parsing: Parsing, scope: Scope): boolean {
  const { cursor } = parsing;
  if (cursor.accept(':')) {
    parseField(cursor);
    return true;
  }
  if (cursor.accept('[')) {
    parsing.expression(scope);
    cursor.expect(']');
    return true;
  }
  // A field: whatever stood before the dot, a column's own dots were taken with it.
  if (cursor.accept('.')) {
    parseField(cursor);
    return true;
  }
  if (!cursor.at('COLLATE') || cursor.peek(1).kind !== 'string') return false;
  cursor.take();
  cursor.take();
  return true;
}

/** Consumes an infix operator; the next operand is its right side. */
function acceptOperator(cursor: Cursor): boolean {
  if (cursor.accept('IS')) {
    cursor.accept('NOT');
    if (cursor.accept('DISTINCT')) cursor.expect('FROM');
    return true;
  }
  if (cursor.at('NOT') && cursor.atAny(NEGATABLE, 1)) cursor.take();
  if (!cursor.atAny(OPERATORS)) return false;
  const isQuantifiable = cursor.atAny(QUANTIFIABLE);
  cursor.take();
  if (isQuantifiable && cursor.atAny(QUANTIFIERS) && cursor.at('(', 1)) cursor.take();
  return true;
}

/** `IN (…)`, `IN (SELECT …)`, and the `x IN y` of POSITION. */
function acceptIn(parsing: Parsing, scope: Scope): boolean {
  const { cursor } = parsing;
  if (!cursor.accept('IN') && !cursor.accept('NOT', 'IN')) return false;
  parseOperand(parsing, scope);
  return true;
}
