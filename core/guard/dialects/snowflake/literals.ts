import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { words } from '../../words.ts';
import { noteColumn } from './columns.ts';
import { parseDotted } from './keywords.ts';
import { parseStarModifiers } from './star.ts';

/** `[1, 2, **more]`; an element may be left out. */
export function parseArray(parsing: Parsing, scope: Scope): undefined {
  const { cursor } = parsing;
  cursor.expect('[');
  while (!cursor.at(']')) {
    if (!cursor.at(',')) parsing.expression(scope);
    if (!cursor.accept(',')) break;
  }
  cursor.expect(']');
}

const ODBC = words('FN D T TS');

/** `{'a': 1, **more}`, `{*}`, `{t.* EXCLUDE a}`, and ODBC's `{fn f(a)}`, `{d '…'}`. */
export function parseBraces(parsing: Parsing, scope: Scope): undefined {
  const { cursor } = parsing;
  cursor.expect('{');
  if (cursor.at('FN') && cursor.atName(1)) {
    cursor.take();
    if (cursor.atAny(ODBC_FUNCTIONS)) parseOdbcCall(parsing, scope);
    else parsing.expression(scope);
  } else if (cursor.atAny(ODBC) && cursor.peek(1).kind === 'string') {
    cursor.take();
    cursor.take();
  } else parseMembers(parsing, scope);
  cursor.expect('}');
}

/** What ODBC calls otherwise than Snowflake, and its types: `{fn convert(a, SQL_DOUBLE)}`. */
const ODBC_FUNCTIONS = words('CONVERT CEILING');

function parseOdbcCall({ cursor, expression }: Parsing, scope: Scope): void {
  cursor.take();
  cursor.expect('(');
  expression(scope);
  if (cursor.accept(',')) {
    if (!/^SQL_[A-Z_]+$/.test(cursor.peek().text)) cursor.fail('expected a type of ODBC');
    cursor.name();
  }
  cursor.expect(')');
}

function parseMembers(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  while (!cursor.at('}')) {
    if (cursor.at('*') || cursor.atName()) parseObjectStar(parsing, scope);
    else if (cursor.at('**')) parsing.expression(scope);
    else {
      if (cursor.peek().kind !== 'string') cursor.fail('expected a key');
      cursor.take();
      cursor.expect(':');
      parsing.expression(scope);
    }
    if (!cursor.accept(',')) return;
  }
}

/** All columns as one object. */
function parseObjectStar(parsing: Parsing, scope: Scope): void {
  const { cursor, notes } = parsing;
  const names = cursor.at('*') ? [] : parseDotted(cursor);
  if (names.length > 0) cursor.expect('.');
  const star = cursor.expect('*');
  noteColumn(notes, [...names, star], scope);
  parseStarModifiers(parsing, scope);
}
