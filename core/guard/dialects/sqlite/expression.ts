import { parseCase } from '../../parsing/case.ts';
import type { Cursor } from '../../parsing/cursor.ts';
import { type Magnitude, type Parsing, parseList } from '../../parsing/parsing.ts';
import { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import { parseOverClause, parseSortList } from '../../parsing/window.ts';
import { oversizeOf } from './sizes.ts';

const PREFIXES: ReadonlySet<string> = new Set(['-', '+', '~', 'NOT']);
const OPERATORS: ReadonlySet<string> = new Set([
  ...['||', '->', '->>', '*', '/', '%', '+', '-', '&', '|', '<<', '>>', '<', '<=', '>', '>=', '=', '==', '<>', '!='],
  ...['AND', 'OR', 'LIKE', 'GLOB', 'REGEXP', 'MATCH', 'ESCAPE', 'BETWEEN'],
]);

/**
 * An expression as a flat row of operands and operators. What it reads and calls does not depend on precedence, and a
 * chain of any length takes no stack; `a BETWEEN b AND c` and `a LIKE b ESCAPE c` are rows like any other.
 */
export function parseExpression(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  return cursor.nested(() => {
    let size = parseOperand(parsing, scope);
    for (;;) {
      const operator = cursor.peek().text;
      if (acceptPostfix(cursor) || acceptIn(parsing, scope)) size = undefined;
      else if (acceptOperator(cursor)) size = combine(size, operator, parseOperand(parsing, scope));
      else return size;
    }
  });
}

function combine(left: Magnitude, operator: string, right: Magnitude): Magnitude {
  if (left === undefined || right === undefined) return undefined;
  const [first, second] = [Math.abs(left), Math.abs(right)];
  if (operator === '*') return first * second;
  if (operator === '<<') return first * 2 ** second;
  // Concatenation writes digits one after the other.
  if (operator === '||') return Number(`${Math.ceil(first)}${Math.ceil(second)}`);
  return first + second;
}

function acceptPostfix(cursor: Cursor): boolean {
  if (cursor.accept('ISNULL') || cursor.accept('NOTNULL') || cursor.accept('NOT', 'NULL')) return true;
  if (!cursor.accept('COLLATE')) return false;
  cursor.name();
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
  cursor.take();
  return true;
}

const NEGATABLE: ReadonlySet<string> = new Set(['LIKE', 'GLOB', 'REGEXP', 'MATCH', 'BETWEEN']);

/** `IN (…)`, `IN (SELECT …)`, `IN table`, `IN function(…)`. */
function acceptIn(parsing: Parsing, scope: Scope): boolean {
  const { cursor, notes } = parsing;
  if (!cursor.accept('IN') && !cursor.accept('NOT', 'IN')) return false;
  if (cursor.accept('(')) {
    if (!cursor.at(')')) parseListOrSelect(parsing, scope);
    cursor.expect(')');
    return true;
  }
  const first = cursor.name();
  const second = cursor.accept('.') ? cursor.name() : undefined;
  const [schema, name] = second === undefined ? [undefined, first] : [first, second];
  if (cursor.at('(')) parseArguments(parsing, scope, schema, name);
  else {
    notes.table(schema, name, scope);
    noteAllColumns(parsing, schema, name, scope);
  }
  return true;
}

/** `IN table` compares with all columns of a table that no FROM names; it has to have just one. */
function noteAllColumns({ notes }: Parsing, schema: Token | undefined, name: Token, outer: Scope): void {
  const scope = new Scope(outer);
  const table = notes.fold(name.text);
  const isDerived = schema === undefined && outer.isTableExpression(table);
  scope.addSource(
    table,
    isDerived ? null : { schema: schema === undefined ? null : notes.fold(schema.text), name: table },
  );
  notes.column(['*'], scope, name.offset);
}

function parseOperand(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  let isNegative = false;
  while (cursor.atAny(PREFIXES)) isNegative = (cursor.take().text === '-') !== isNegative;
  const size = parseUnsigned(parsing, scope);
  return isNegative && size !== undefined ? -size : size;
}

function parseUnsigned(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  const token = cursor.peek();
  switch (token.kind) {
    case 'number':
    case 'string':
      // A string before a dot is a name.
      if (token.kind === 'string' && cursor.at('.', 1)) return parseColumn(parsing, scope);
      return literalSize(cursor.take());
    case 'blob':
    case 'variable':
      cursor.take();
      return undefined;
    case 'symbol':
      return parseParenthesized(parsing, scope);
    case 'keyword':
      return parseKeyword(parsing, scope, token.text);
    case 'name':
      return parseNamed(parsing, scope);
    case 'end':
      return cursor.fail('expected an expression');
    default:
      return token.kind satisfies never;
  }
}

function literalSize({ text }: Token): Magnitude {
  const value = Number(text.replaceAll('_', ''));
  return Number.isNaN(value) ? undefined : value;
}

function parseParenthesized(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  if (!cursor.accept('(')) return cursor.fail('expected an expression');
  const size = parseListOrSelect(parsing, scope);
  cursor.expect(')');
  return size;
}

export const SELECT_STARTS: ReadonlySet<string> = new Set(['SELECT', 'VALUES', 'WITH']);

function parseListOrSelect(parsing: Parsing, scope: Scope): Magnitude {
  if (parsing.cursor.atAny(SELECT_STARTS)) {
    parsing.select(scope);
    return undefined;
  }
  const [first, ...others] = parseList(parsing, scope);
  return others.length === 0 ? first : undefined;
}

function parseKeyword(parsing: Parsing, scope: Scope, keyword: string): Magnitude {
  const { cursor } = parsing;
  switch (keyword) {
    case 'NULL':
    case 'CURRENT_DATE':
    case 'CURRENT_TIME':
    case 'CURRENT_TIMESTAMP':
      cursor.take();
      return undefined;
    case 'CASE':
      parseCase(parsing, scope);
      return undefined;
    case 'CAST':
      return parseCast(parsing, scope);
    case 'EXISTS':
      cursor.take();
      cursor.expect('(');
      parsing.select(scope);
      cursor.expect(')');
      return undefined;
    case 'RAISE':
      return cursor.fail('expected an expression');
    default:
      return parseNamed(parsing, scope);
  }
}

function parseCast(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  cursor.expect('CAST');
  cursor.expect('(');
  const size = parsing.expression(scope);
  cursor.expect('AS');
  // A type is any row of names with at most two numbers; it calls nothing.
  while (cursor.atName()) cursor.take();
  if (cursor.accept('(')) {
    parseList(parsing, scope);
    cursor.expect(')');
  }
  cursor.expect(')');
  return size;
}

function parseNamed(parsing: Parsing, scope: Scope): undefined {
  const { cursor } = parsing;
  if (!cursor.atName()) return cursor.fail('expected an expression');
  if (!cursor.at('(', 1)) return parseColumn(parsing, scope);
  parseArguments(parsing, scope, undefined, cursor.take());
  parseOverClause(parsing, scope);
}

function parseColumn(parsing: Parsing, scope: Scope): undefined {
  const { cursor, notes } = parsing;
  const { offset } = cursor.peek();
  const parts = [cursor.name().text];
  while (parts.length < 3 && cursor.accept('.')) parts.push(cursor.name().text);
  notes.column(parts, scope, offset);
}

/** `(…)` after a function's name: `*`, or arguments with DISTINCT and ORDER BY. */
export function parseArguments(parsing: Parsing, scope: Scope, schema: Token | undefined, name: Token): void {
  const { cursor, notes } = parsing;
  notes.function(schema, name);
  cursor.expect('(');
  if (!cursor.accept('*') && !cursor.at(')')) {
    if (!cursor.accept('DISTINCT')) cursor.accept('ALL');
    const { kind, text } = cursor.peek();
    const literal = kind === 'string' ? text : undefined;
    const reason = oversizeOf({ name: name.text, literal, sizes: parseList(parsing, scope) });
    if (reason !== undefined) notes.refuse(reason, name);
    if (cursor.accept('ORDER', 'BY')) parseSortList(parsing, scope);
  }
  cursor.expect(')');
}
