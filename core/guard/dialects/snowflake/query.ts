import { Refused } from '../../classify.ts';
import type { Parsing } from '../../parsing/parsing.ts';
import { Scope } from '../../parsing/scope.ts';
import { parseSortList } from '../../parsing/window.ts';
import { SELECT_STARTS, SET_OPERATORS } from './keywords.ts';
import { type Place, parseCore } from './select.ts';
import { refuseEffects, refuseOtherStatements } from './statement-kinds.ts';

/** `WITH … SELECT … UNION … ORDER BY … LIMIT …`. */
export function parseQuery(parsing: Parsing, outer: Scope, place: Place = 'inner'): void {
  parseBody(parsing, outer, place, undefined);
}

/** @param self the name that the terms behind the first know the query by, where it is recursive */
function parseBody(parsing: Parsing, outer: Scope, place: Place, self: string | undefined): void {
  const { cursor } = parsing;
  cursor.nested(() => {
    const scope = cursor.accept('WITH') ? parseWith(parsing, outer) : new Scope(outer);
    const core = parseTerm(parsing, scope, place);
    parseQueryTail(parsing, self === undefined ? scope : scopeWith(scope, self), place, core);
  });
}

function scopeWith(outer: Scope, name: string): Scope {
  const scope = new Scope(outer);
  scope.addTableExpression(name);
  return scope;
}

/** What follows a query's first term; `core` is the scope of that term, whose columns ORDER BY may name. */
export function parseQueryTail(parsing: Parsing, outer: Scope, place: Place = 'inner', core: Scope = outer): void {
  const { cursor, notes } = parsing;
  let scope = core;
  while (acceptSetOperator(parsing)) {
    if (place === 'outermost') notes.useItems();
    scope = parseTerm(parsing, outer, 'inner');
  }
  if (cursor.accept('ORDER', 'BY')) parseOrderBy(parsing, scope, place);
  parseLimit(parsing, scope);
  refuseEffects(cursor);
}

function acceptSetOperator({ cursor }: Parsing): boolean {
  if (!cursor.atAny(SET_OPERATORS)) return false;
  cursor.take();
  if (!cursor.accept('ALL')) cursor.accept('DISTINCT');
  // BY is reserved, so this is no table's name.
  if (cursor.at('BY')) {
    cursor.take();
    cursor.expect('NAME');
  }
  return true;
}

/** One SELECT, VALUES, or a query in parentheses. */
function parseTerm(parsing: Parsing, outer: Scope, place: Place): Scope {
  const { cursor } = parsing;
  refuseOtherStatements(cursor);
  if (!cursor.accept('(')) return parseCore(parsing, outer, place);
  parseQuery(parsing, outer, place);
  cursor.expect(')');
  return new Scope(outer);
}

/**
 * Answers the scope that knows all names. An expression knows those before it, and itself where WITH RECURSIVE says so
 * and only behind its first term: whether Snowflake would take the name for a table elsewhere is not worth a guess.
 */
function parseWith(parsing: Parsing, outer: Scope): Scope {
  const { cursor } = parsing;
  const isRecursive = cursor.accept('RECURSIVE');
  let scope = new Scope(outer);
  do {
    const { text: name } = cursor.name();
    if (cursor.at('(') && !cursor.atAny(SELECT_STARTS, 1) && !cursor.at('(', 1)) parseNames(parsing);
    cursor.accept('AS');
    cursor.accept('NOT');
    cursor.accept('MATERIALIZED');
    if (cursor.at('PROCEDURE')) refuseProcedure(cursor.peek().offset);
    cursor.expect('(');
    parseBody(parsing, scope, 'inner', isRecursive ? name : undefined);
    cursor.expect(')');
    scope = scopeWith(scope, name);
  } while (cursor.accept(','));
  return scope;
}

function refuseProcedure(offset: number): never {
  throw new Refused({
    code: 'FUNCTION_NOT_ALLOWED',
    reason: 'A procedure of the statement runs other statements, which the guard does not see.',
    hint: 'Write what it does as a SELECT.',
    offset,
  });
}

export function parseNames({ cursor }: Parsing): void {
  cursor.expect('(');
  do cursor.name();
  while (cursor.accept(','));
  cursor.expect(')');
}

/** A number by itself is the place of an item. */
function parseOrderBy(parsing: Parsing, scope: Scope, place: Place): void {
  const { cursor, notes } = parsing;
  if (cursor.accept('ALL')) {
    if (place === 'outermost') notes.useItems();
    if (!cursor.accept('ASC')) cursor.accept('DESC');
    if (cursor.accept('NULLS') && !cursor.accept('FIRST')) cursor.expect('LAST');
    return;
  }
  parseSortList(parsing, scope, (size) => {
    if (place === 'outermost' && size !== undefined) notes.position(size);
  });
}

/** LIMIT, OFFSET and FETCH in any order that somebody's Snowflake may take. */
function parseLimit(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  for (;;) {
    if (cursor.accept('LIMIT')) parsing.expression(scope);
    else if (cursor.accept('OFFSET')) {
      parsing.expression(scope);
      acceptRows(parsing);
    } else if (cursor.accept('FETCH')) {
      if (!cursor.accept('FIRST')) cursor.accept('NEXT');
      parsing.expression(scope);
      acceptRows(parsing);
      cursor.accept('ONLY');
    } else return;
  }
}

function acceptRows({ cursor }: Parsing): void {
  if (!cursor.accept('ROW')) cursor.accept('ROWS');
}
