import type { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import { parseOverClause, parseSortList } from '../../parsing/window.ts';
import { acceptItemAlias } from './aliases.ts';
import { FORMS } from './call-forms.ts';
import { isQuoted, type MysqlParsing } from './context.ts';
import { fold } from './keywords.ts';
import { refuseFunction } from './refusals.ts';
import { type Argument, MAX_SIZE } from './sizes.ts';

/** `name(…)` with what may follow it: OVER and its like. Which names are functions, the rules say. */
export function parseCall(parsing: MysqlParsing, scope: Scope): undefined {
  const { cursor, notes, sizes } = parsing;
  const name = cursor.take();
  // Aggregates and a few others are words of the grammar: quoted, their name means a stored function.
  if (isQuoted(parsing, name))
    refuseFunction(
      'A quoted name before a parenthesis may be a stored function',
      name,
      'Write the name without quotes.',
    );
  notes.function(undefined, name);
  cursor.expect('(');
  const args = FORMS.get(name.text)?.(parsing, scope) ?? parseArguments(parsing, scope);
  cursor.expect(')');
  refuseState(name, args);
  if (sizes.isTooLarge(fold(name.text), args)) {
    notes.refuse(
      `${fold(name.text)}() is asked for more than ${MAX_SIZE.toLocaleString('en')}, which the guard allows at most.`,
      name,
    );
  }
  parseOver(parsing, scope);
}

/** With an argument, LAST_INSERT_ID() sets what it gives next. */
function refuseState(name: Token, args: readonly Argument[]): void {
  if (name.text !== 'LAST_INSERT_ID' || args.length === 0) return;
  refuseFunction('LAST_INSERT_ID() with an argument changes the session', name, 'Leave the argument out.');
}

function parseArguments(parsing: MysqlParsing, scope: Scope): Argument[] {
  const { cursor, sizes } = parsing;
  if (cursor.accept('*') || cursor.at(')')) return [];
  if (!cursor.accept('DISTINCT')) cursor.accept('ALL');
  const args: Argument[] = [];
  do {
    args.push(sizes.during(() => parsing.expression(scope)));
    // Loadable functions take names with their arguments.
    acceptItemAlias(cursor);
  } while (cursor.accept(','));
  parseAggregateEnd(parsing, scope);
  return args;
}

/** `GROUP_CONCAT(a ORDER BY b SEPARATOR ',' LIMIT 3)`. */
function parseAggregateEnd(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('ORDER', 'BY')) parseSortList(parsing, scope);
  if (cursor.accept('SEPARATOR')) parsing.expression(scope);
  if (!cursor.accept('LIMIT')) return;
  parsing.expression(scope);
  if (cursor.accept(',') || cursor.accept('OFFSET')) parsing.expression(scope);
}

function parseOver(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('WITHIN', 'GROUP', '(', 'ORDER', 'BY')) {
    parseSortList(parsing, scope);
    cursor.expect(')');
  }
  const isNth = cursor.at('FROM') && (cursor.at('OVER', 2) || cursor.at('NULLS', 3));
  if (isNth && !cursor.accept('FROM', 'FIRST')) cursor.accept('FROM', 'LAST');
  if (!cursor.accept('RESPECT', 'NULLS')) cursor.accept('IGNORE', 'NULLS');
  parseOverClause(parsing, scope);
}
