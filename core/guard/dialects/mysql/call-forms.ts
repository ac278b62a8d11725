import type { Scope } from '../../parsing/scope.ts';
import type { MysqlParsing } from './context.ts';
import { parseOnEmptyOrError } from './json-table.ts';
import { UNITS } from './keywords.ts';
import type { Argument } from './sizes.ts';
import { parseType } from './types.ts';

type Form = (parsing: MysqlParsing, scope: Scope) => Argument[];

/** Functions whose parentheses hold more than a list of expressions. */
export const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['CAST', parseCast],
  ['CONVERT', parseConvert],
  ['EXTRACT', parseExtract],
  ['TRIM', parseTrim],
  ['SUBSTRING', parseSubstring],
  ['SUBSTR', parseSubstring],
  ['MID', parseSubstring],
  ['CHAR', parseChar],
  ['WEIGHT_STRING', parseWeightString],
  ['GET_FORMAT', parseGetFormat],
  ['TIMESTAMPADD', parseWithUnit],
  ['TIMESTAMPDIFF', parseWithUnit],
  ['JSON_VALUE', parseJsonValue],
]);

function parseArgument(parsing: MysqlParsing, scope: Scope): Argument {
  return parsing.sizes.during(() => parsing.expression(scope));
}

function parseArgumentList(parsing: MysqlParsing, scope: Scope): Argument[] {
  const args = [parseArgument(parsing, scope)];
  while (parsing.cursor.accept(',')) args.push(parseArgument(parsing, scope));
  return args;
}

/** `CAST(a AS type)`, MySQL's `CAST(a AT TIME ZONE '+00:00' AS DATETIME)`. */
function parseCast(parsing: MysqlParsing, scope: Scope): Argument[] {
  const { cursor } = parsing;
  const value = parseArgument(parsing, scope);
  if (cursor.accept('AT', 'TIME', 'ZONE')) {
    cursor.accept('INTERVAL');
    parsing.expression(scope);
  }
  cursor.expect('AS');
  return castTo(parsing, scope, value);
}

/** Texts and bytes are filled up to the length of their type. */
function castTo(parsing: MysqlParsing, scope: Scope, { value, text }: Argument): Argument[] {
  const length = parsing.sizes.during(() => parseType(parsing, scope)).value ?? 0;
  return [{ value, text: Math.max(text, length) }];
}

function parseConvert(parsing: MysqlParsing, scope: Scope): Argument[] {
  const { cursor } = parsing;
  const value = parseArgument(parsing, scope);
  if (cursor.accept('USING')) {
    parseCharacterSet(parsing);
    return [value];
  }
  cursor.expect(',');
  return castTo(parsing, scope, value);
}

function parseCharacterSet({ cursor }: MysqlParsing): void {
  if (cursor.accept('BINARY') || cursor.accept('DEFAULT')) return;
  if (cursor.peek().kind === 'string') cursor.take();
  else cursor.name();
}

function takeUnit({ cursor }: MysqlParsing): void {
  if (!cursor.atAny(UNITS)) cursor.fail('expected a unit of time');
  cursor.take();
}

function parseExtract(parsing: MysqlParsing, scope: Scope): Argument[] {
  takeUnit(parsing);
  parsing.cursor.expect('FROM');
  return [parseArgument(parsing, scope)];
}

function parseWithUnit(parsing: MysqlParsing, scope: Scope): Argument[] {
  takeUnit(parsing);
  parsing.cursor.expect(',');
  return parseArgumentList(parsing, scope);
}

/** `TRIM(a)`, `TRIM(BOTH 'x' FROM a)`, `TRIM('x' FROM a)`, `TRIM(LEADING FROM a)`. */
function parseTrim(parsing: MysqlParsing, scope: Scope): Argument[] {
  const { cursor } = parsing;
  if (!cursor.accept('BOTH') && !cursor.accept('LEADING')) cursor.accept('TRAILING');
  const args = cursor.at('FROM') ? [] : [parseArgument(parsing, scope)];
  if (cursor.accept('FROM')) args.push(parseArgument(parsing, scope));
  return args;
}

/** `SUBSTRING(a, 1, 2)`, `SUBSTRING(a FROM 1 FOR 2)`. */
function parseSubstring(parsing: MysqlParsing, scope: Scope): Argument[] {
  const { cursor } = parsing;
  const args = [parseArgument(parsing, scope)];
  while (cursor.accept(',') || cursor.accept('FROM') || cursor.accept('FOR')) args.push(parseArgument(parsing, scope));
  return args;
}

function parseChar(parsing: MysqlParsing, scope: Scope): Argument[] {
  const args = parseArgumentList(parsing, scope);
  if (parsing.cursor.accept('USING')) parseCharacterSet(parsing);
  return args;
}

/** `WEIGHT_STRING(a AS CHAR(3) LEVEL 1-3)`. */
function parseWeightString(parsing: MysqlParsing, scope: Scope): Argument[] {
  const { cursor } = parsing;
  const [first = { value: undefined, text: 1 }, ...others] = parseArgumentList(parsing, scope);
  const args = cursor.accept('AS') ? castTo(parsing, scope, first) : [first, ...others];
  if (!cursor.accept('LEVEL')) return args;
  do {
    parsing.expression(scope);
    if (!cursor.accept('ASC')) cursor.accept('DESC');
    cursor.accept('REVERSE');
  } while (cursor.accept(','));
  return args;
}

const FORMATTED: ReadonlySet<string> = new Set(['DATE', 'TIME', 'DATETIME', 'TIMESTAMP']);

function parseGetFormat(parsing: MysqlParsing, scope: Scope): Argument[] {
  const { cursor } = parsing;
  if (!cursor.atAny(FORMATTED)) cursor.fail('expected DATE, TIME or DATETIME');
  cursor.take();
  cursor.expect(',');
  return [parseArgument(parsing, scope)];
}

/** `JSON_VALUE(a, '$.b' RETURNING DECIMAL(4, 2) DEFAULT 0 ON EMPTY NULL ON ERROR)`. */
function parseJsonValue(parsing: MysqlParsing, scope: Scope): Argument[] {
  const args = parseArgumentList(parsing, scope);
  if (parsing.cursor.accept('RETURNING')) parsing.sizes.during(() => parseType(parsing, scope));
  parseOnEmptyOrError(parsing, scope);
  return args;
}
