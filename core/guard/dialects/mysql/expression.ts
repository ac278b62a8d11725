import type { Cursor } from '../../parsing/cursor.ts';
import { type Magnitude, parseList } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { parseCall } from './calls.ts';
import { isQuoted, type MysqlParsing, noteColumn, writtenName } from './context.ts';
import { parseKeywordOperand } from './keyword-operands.ts';
import { FUNCTION_WORDS } from './keywords.ts';
import { atQuery, atQueryRest, parseQuery, parseQueryRest } from './query.ts';
import { refuseFunction } from './refusals.ts';
import { acceptVariable } from './variables.ts';

const PREFIXES: ReadonlySet<string> = new Set(['-', '+', '~', '!', 'NOT', 'BINARY', 'EXISTS']);
const OPERATORS: ReadonlySet<string> = new Set([
  ...['||', '&&', '|', '&', '^', '<<', '>>', '+', '-', '*', '/', '%', '->', '->>'],
  ...['=', '<=>', '<>', '!=', '<', '<=', '>', '>='],
  ...['AND', 'OR', 'XOR', 'DIV', 'MOD', 'LIKE', 'RLIKE', 'REGEXP', 'BETWEEN', 'ESCAPE', 'IN'],
]);
const NEGATABLE: ReadonlySet<string> = new Set(['LIKE', 'RLIKE', 'REGEXP', 'BETWEEN', 'IN']);
const TRUTHS: ReadonlySet<string> = new Set(['NULL', 'TRUE', 'FALSE', 'UNKNOWN']);
const QUANTIFIERS: ReadonlySet<string> = new Set(['ANY', 'ALL', 'SOME']);

/**
 * An expression as a flat row of operands and operators. What it reads and calls does not depend on precedence, and a
 * chain of any length takes no stack; `a BETWEEN b AND c` and `a LIKE b ESCAPE c` are rows like any other.
 */
export function parseExpression(parsing: MysqlParsing, scope: Scope): Magnitude {
  return parsing.cursor.nested(() => parseOperators(parsing, scope, parseOperand(parsing, scope)));
}

/** What follows the first operand. */
function parseOperators(parsing: MysqlParsing, scope: Scope, first: Magnitude): Magnitude {
  const { cursor } = parsing;
  let size = first;
  for (;;) {
    const operator = cursor.peek().text;
    if (acceptPostfix(cursor)) size = undefined;
    else if (acceptOperator(cursor)) size = combine(size, operator, parseOperand(parsing, scope));
    else return size;
  }
}

function combine(left: Magnitude, operator: string, right: Magnitude): Magnitude {
  if (left === undefined || right === undefined) return undefined;
  const [first, second] = [Math.abs(left), Math.abs(right)];
  if (operator === '*') return first * second;
  if (operator === '<<') return first * 2 ** second;
  return first + second;
}

function acceptPostfix(cursor: Cursor): boolean {
  if (cursor.accept('COLLATE')) {
    if (!cursor.accept('BINARY') && !acceptString(cursor)) cursor.name();
    return true;
  }
  if (!cursor.accept('IS')) return false;
  cursor.accept('NOT');
  if (!cursor.atAny(TRUTHS)) cursor.fail('expected NULL, TRUE, FALSE or UNKNOWN');
  cursor.take();
  return true;
}

function acceptString(cursor: Cursor): boolean {
  if (cursor.peek().kind !== 'string') return false;
  cursor.take();
  return true;
}

/** Consumes an infix operator; the next operand is its right side. */
function acceptOperator(cursor: Cursor): boolean {
  if (cursor.accept('SOUNDS', 'LIKE')) return true;
  if (cursor.at('MEMBER') && (cursor.at('OF', 1) || cursor.at('(', 1))) {
    cursor.take();
    cursor.accept('OF');
    return true;
  }
  // AGAINST's modifiers follow its expression.
  if (cursor.at('IN') && (cursor.at('BOOLEAN', 1) || cursor.at('NATURAL', 1))) return false;
  if (cursor.at('NOT') && cursor.atAny(NEGATABLE, 1)) cursor.take();
  if (!cursor.atAny(OPERATORS)) return false;
  cursor.take();
  if (cursor.atAny(QUANTIFIERS) && cursor.at('(', 1)) cursor.take();
  return true;
}

function parseOperand(parsing: MysqlParsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  let isNegative = false;
  while (cursor.atAny(PREFIXES)) isNegative = (cursor.take().text === '-') !== isNegative;
  const size = parseUnsigned(parsing, scope);
  return isNegative && size !== undefined ? -size : size;
}

function parseUnsigned(parsing: MysqlParsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  const { kind } = cursor.peek();
  switch (kind) {
    case 'string':
      return parseStrings(parsing);
    case 'number':
    case 'blob':
      return numberOf(cursor.take().text);
    case 'variable':
      return acceptVariable(cursor);
    case 'symbol':
      return parseSymbol(parsing, scope);
    case 'keyword':
    case 'name':
      return parseNamed(parsing, scope);
    case 'end':
      return cursor.fail('expected an expression');
    default:
      return kind satisfies never;
  }
}

function numberOf(text: string): Magnitude {
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** Literals that stand one after the other are one. */
function parseStrings({ cursor, sizes }: MysqlParsing): Magnitude {
  let text = '';
  while (cursor.peek().kind === 'string') text += cursor.take().text;
  sizes.add(text.length);
  return text === '' ? undefined : numberOf(text);
}

function parseSymbol(parsing: MysqlParsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  if (cursor.accept('_charset')) {
    const { kind } = cursor.peek();
    if (kind === 'string') return parseStrings(parsing);
    if (kind !== 'blob') cursor.fail('expected a string after the character set');
    return numberOf(cursor.take().text);
  }
  // ODBC: {d '2024-01-01'}, {fn now()}.
  if (cursor.accept('{')) {
    cursor.name();
    const size = parsing.expression(scope);
    cursor.expect('}');
    return size;
  }
  // A dot in front says the current schema.
  if (cursor.accept('.')) return parseColumn(parsing, scope);
  if (!cursor.at('(')) return cursor.fail('expected an expression');
  return parseGroup(parsing, scope).size;
}

interface Group {
  /** The scope of the query in the parentheses, where there is nothing else in them. */
  readonly query: Scope | undefined;
  readonly size: Magnitude;
}

/** `(1)`, `(1, 2)`, `(SELECT …)`, `((SELECT …) UNION …)`, `((SELECT …) + 1)`. */
function parseGroup(parsing: MysqlParsing, scope: Scope): Group {
  const { cursor } = parsing;
  return cursor.nested(() => {
    cursor.expect('(');
    const group = parseInside(parsing, scope);
    cursor.expect(')');
    return group;
  });
}

function parseInside(parsing: MysqlParsing, scope: Scope): Group {
  const { cursor } = parsing;
  if (atQuery(cursor)) return { query: parseQuery(parsing, scope), size: undefined };
  let size: Magnitude;
  if (cursor.at('(')) {
    const inner = parseGroup(parsing, scope);
    if (inner.query !== undefined && cursor.at(')')) return inner;
    if (inner.query !== undefined && atQueryRest(cursor)) {
      return { query: parseQueryRest(parsing, scope, inner.query), size: undefined };
    }
    size = parseOperators(parsing, scope, inner.size);
  } else size = parsing.expression(scope);
  if (!cursor.accept(',')) return { query: undefined, size };
  parseList(parsing, scope);
  return { query: undefined, size: undefined };
}

function parseNamed(parsing: MysqlParsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  if (cursor.at('ROW') && cursor.at('(', 1)) {
    cursor.take();
    return parseGroup(parsing, scope).size;
  }
  if (cursor.peek().kind === 'keyword') {
    const operand = parseKeywordOperand(parsing, scope);
    if (operand.isParsed) return operand.size;
    const isFunctionWord = FUNCTION_WORDS.has(cursor.peek().text);
    if (cursor.at('(', 1) && (cursor.atName() || isFunctionWord)) return parseCall(parsing, scope);
  } else if (cursor.at('(', 1)) return parseCall(parsing, scope);
  return parseColumn(parsing, scope);
}

/** `a`, `t.a`, `db.t.a`; and `db.f(…)`, which is a stored function. */
function parseColumn(parsing: MysqlParsing, scope: Scope): undefined {
  const { cursor, notes } = parsing;
  const { offset } = cursor.peek();
  const tokens = [cursor.name()];
  while (tokens.length < 3 && cursor.accept('.')) tokens.push(cursor.name());
  const last = tokens.at(-1);
  if (last === undefined) return undefined;
  if (tokens.length > 1 && cursor.at('(')) {
    refuseFunction(`${last.text}() with a schema in front of it is a stored function`, last);
  }
  // In some of MariaDB's modes these take the next value of a sequence.
  if (tokens.length > 1 && SEQUENCE_READS.test(last.text) && !isQuoted(parsing, last)) {
    notes.refuse(`${last.text} takes the next value of a sequence.`, last, 'Quote the name if it is a column.');
  }
  noteColumn(
    parsing,
    tokens.map((token) => writtenName(parsing, token)),
    scope,
    offset,
  );
  return undefined;
}

const SEQUENCE_READS = /^(nextval|currval)$/i;
