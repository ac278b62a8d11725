import { Refused } from '../../classify.ts';
import { parseCase } from '../../parsing/case.ts';
import type { Magnitude, Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import { words } from '../../words.ts';
import { parseCall, refuseMethod } from './call.ts';
import { noteColumn } from './columns.ts';
import { parseDotted, SELECT_STARTS, SET_OPERATORS } from './keywords.ts';
import { parseArray, parseBraces } from './literals.ts';
import { refuseStage, refuseVariable } from './names-of-data.ts';
import { parseQueryTail } from './query.ts';
import { parseCast, parseExtract } from './special-calls.ts';
import { parseStarModifiers } from './star.ts';
import { LITERAL_TYPES, parseIntervalUnits } from './types.ts';

/** Functions that stand without parentheses. */
const BARE_FUNCTIONS = words('CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP');
/** Reserved words that are functions before a parenthesis. */
const RESERVED_CALLS = words('INSERT LIKE ILIKE RLIKE REGEXP');

export function parseOperand(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  const token = cursor.peek();
  switch (token.kind) {
    case 'number':
    case 'string':
      return literalSize(cursor.take());
    case 'blob':
      cursor.take();
      return undefined;
    case 'variable':
      return parseVariable(parsing, scope);
    case 'symbol':
      return parseSymbol(parsing, scope, token);
    case 'keyword':
      return parseKeyword(parsing, scope, token);
    case 'name':
      return parseNamed(parsing, scope);
    case 'end':
      return cursor.fail('expected an expression');
    default:
      return token.kind satisfies never;
  }
}

function literalSize({ text }: Token): Magnitude {
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? undefined : value;
}

/** `$1` is a column of FROM by its place; `$name` is a variable of the session, which only another statement can set. */
function parseVariable({ cursor, notes }: Parsing, scope: Scope): undefined {
  const token = cursor.take();
  if (token.text === '?') return undefined;
  if (/^\$\d+$/.test(token.text)) notes.everything(scope, token.offset);
  else refuseVariable(token);
}

function parseSymbol(parsing: Parsing, scope: Scope, token: Token): Magnitude {
  const { cursor } = parsing;
  switch (token.text) {
    case '(':
      return parseParenthesized(parsing, scope);
    case '[':
      return parseArray(parsing, scope);
    case '{':
      return parseBraces(parsing, scope);
    case '@':
      return refuseStage(token);
    case ':':
      // A bind variable: no more than a value, and Custard binds none.
      cursor.take();
      if (cursor.peek().kind === 'number') cursor.take();
      else cursor.name();
      return undefined;
    default:
      return cursor.fail('expected an expression');
  }
}

function parseParenthesized(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  cursor.expect('(');
  if (cursor.accept(')')) return undefined;
  const isNested = cursor.at('(');
  const size = parseListOrSelect(parsing, scope);
  // `((SELECT …) UNION …)`: what began like an expression is a query.
  if (isNested && cursor.atAny(SET_OPERATORS)) parseQueryTail(parsing, scope);
  cursor.expect(')');
  return size;
}

function parseListOrSelect(parsing: Parsing, scope: Scope): Magnitude {
  if (parsing.cursor.atAny(SELECT_STARTS)) {
    parsing.select(scope);
    return undefined;
  }
  const first = parseElement(parsing, scope);
  if (!parsing.cursor.at(',')) return first;
  while (parsing.cursor.accept(',')) parseElement(parsing, scope);
  return undefined;
}

/** An expression, or a star with what may stand behind it: `search((t.* exclude a), 'x')`. */
function parseElement(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor, notes } = parsing;
  const isStar = cursor.at('*');
  const size = isStar ? undefined : parsing.expression(scope);
  if (isStar) notes.column(['*'], scope, cursor.take().offset);
  if (cursor.at('*', -1)) parseStarModifiers(parsing, scope);
  return size;
}

function parseKeyword(parsing: Parsing, scope: Scope, token: Token): Magnitude {
  const { cursor } = parsing;
  const isCall = cursor.at('(', 1);
  if (isCall && RESERVED_CALLS.has(token.text)) return parseCall(parsing, scope, [cursor.take()]);
  if (BARE_FUNCTIONS.has(token.text) && !isCall && !cursor.at('.', 1)) {
    cursor.take();
    return undefined;
  }
  if (LITERAL_TYPES.has(token.text) && cursor.peek(1).kind === 'string') return parseTypedLiteral(parsing);
  switch (token.text) {
    case 'NULL':
    case 'TRUE':
    case 'FALSE':
      cursor.take();
      return undefined;
    case 'CASE':
      parseCase(parsing, scope);
      return undefined;
    case 'CAST':
    case 'TRY_CAST':
      if (isCall) return parseCast(parsing, scope);
      break;
    case 'EXTRACT':
    case 'DATE_PART':
      if (isCall) return parseExtract(parsing, scope);
      break;
    case 'EXISTS':
      return parseExists(parsing, scope);
    case 'GROUP':
      return parseGroupName(parsing, scope);
    default:
  }
  return parseNamed(parsing, scope);
}

/** Reserved, but sqlglot writes it as a name among others, and the engine refuses it itself. */
function parseGroupName(parsing: Parsing, scope: Scope): undefined {
  const { cursor, notes } = parsing;
  if (!cursor.at(',', 1) && !cursor.at(')', 1)) return cursor.fail('expected an expression');
  noteColumn(notes, [cursor.take()], scope);
}

/** `DATE '…'`, `INTERVAL '1' DAY`, `INTERVAL '1-2' YEAR TO MONTH`. */
function parseTypedLiteral({ cursor }: Parsing): undefined {
  const isInterval = cursor.take().text === 'INTERVAL';
  cursor.take();
  if (isInterval) parseIntervalUnits(cursor);
}

function parseExists(parsing: Parsing, scope: Scope): undefined {
  const { cursor } = parsing;
  cursor.expect('EXISTS');
  cursor.expect('(');
  parsing.select(scope);
  cursor.expect(')');
}

/** A column, `t.*`, `t.$1`, a call. */
function parseNamed(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor, notes } = parsing;
  if (!cursor.atName()) return cursor.fail('expected an expression');
  const names = parseDotted(cursor);
  const last = names.at(-1);
  if (cursor.at('!')) return refuseMethod(cursor.peek());
  if (cursor.at('(') && !(cursor.at('+', 1) && cursor.at(')', 2))) return parseCall(parsing, scope, names);
  if (names.length > 1 && last?.text.toUpperCase() === 'NEXTVAL') refuseSequence(last);
  if (cursor.accept('.', '*')) noteColumn(notes, [...names, STAR], scope);
  else if (cursor.at('.') && /^\$\d+$/.test(cursor.peek(1).text)) {
    cursor.take();
    cursor.take();
    noteColumn(notes, [...names, STAR], scope);
  } else noteColumn(notes, names, scope);
  // Oracle's mark of an outer join.
  cursor.accept('(', '+', ')');
  return undefined;
}

const STAR: Token = { kind: 'name', text: '*', offset: 0 };

function refuseSequence({ offset }: Token): never {
  throw new Refused({
    code: 'FUNCTION_NOT_ALLOWED',
    reason: 'NEXTVAL takes a number from a sequence, which changes it.',
    hint: 'Number rows with row_number().',
    offset,
  });
}
