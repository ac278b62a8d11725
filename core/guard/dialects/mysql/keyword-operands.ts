import { parseCase } from '../../parsing/case.ts';
import type { Magnitude } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { MysqlParsing } from './context.ts';
import { UNITS } from './keywords.ts';
import { refuseFunction } from './refusals.ts';

type Operand = { readonly isParsed: true; readonly size: Magnitude } | { readonly isParsed: false };

const CONSTANTS: ReadonlySet<string> = new Set(['NULL', 'TRUE', 'FALSE']);
/** With or without parentheses; with them they are calls like others. */
const BARE_CALLS: ReadonlySet<string> = new Set([
  ...['CURRENT_DATE', 'CURRENT_TIME', 'CURRENT_TIMESTAMP', 'CURRENT_USER', 'LOCALTIME', 'LOCALTIMESTAMP'],
  ...['UTC_DATE', 'UTC_TIME', 'UTC_TIMESTAMP'],
]);
const LITERAL_TYPES: ReadonlySet<string> = new Set(['DATE', 'TIME', 'TIMESTAMP', 'TRANSACTION']);
const LITERALS: ReadonlySet<string> = new Set(['string', 'variable']);

const PARSED: Operand = { isParsed: true, size: undefined };

/** What begins with a keyword that is neither a name nor a function. */
export function parseKeywordOperand(parsing: MysqlParsing, scope: Scope): Operand {
  const { cursor } = parsing;
  if (cursor.atAny(CONSTANTS) || (cursor.atAny(BARE_CALLS) && !cursor.at('(', 1))) {
    cursor.take();
    return PARSED;
  }
  // DATE '2024-01-01'; MariaDB's FOR SYSTEM_TIME takes TIMESTAMP @x too.
  if (cursor.atAny(LITERAL_TYPES) && LITERALS.has(cursor.peek(1).kind)) {
    cursor.take();
    cursor.take();
    return PARSED;
  }
  if (cursor.at('CASE')) {
    parseCase(parsing, scope);
    return PARSED;
  }
  if (cursor.at('INTERVAL')) return parseInterval(parsing, scope);
  if (cursor.at('MATCH')) return parseMatch(parsing, scope);
  refuseSequence(parsing);
  return { isParsed: false };
}

/** `NEXT VALUE FOR s`. */
function refuseSequence({ cursor }: MysqlParsing): void {
  if (!cursor.at('VALUE', 1) || !cursor.at('FOR', 2)) return;
  const token = cursor.peek();
  refuseFunction(`${token.text} VALUE FOR uses or changes a sequence`, token, 'Leave it out.');
}

/** `INTERVAL 1 DAY`, and the function `INTERVAL(n, a, b)`. */
function parseInterval(parsing: MysqlParsing, scope: Scope): Operand {
  const { cursor } = parsing;
  cursor.expect('INTERVAL');
  const isCall = cursor.at('(');
  parsing.expression(scope);
  if (cursor.atAny(UNITS)) cursor.take();
  else if (!isCall) cursor.fail('expected a unit of time');
  return PARSED;
}

function parseMatch(parsing: MysqlParsing, scope: Scope): Operand {
  const { cursor } = parsing;
  cursor.expect('MATCH');
  do parsing.expression(scope);
  while (cursor.accept(','));
  cursor.expect('AGAINST');
  cursor.expect('(');
  parsing.expression(scope);
  if (!cursor.accept('IN', 'BOOLEAN', 'MODE')) {
    cursor.accept('IN', 'NATURAL', 'LANGUAGE', 'MODE');
    cursor.accept('WITH', 'QUERY', 'EXPANSION');
  }
  cursor.expect(')');
  return PARSED;
}
