import type { Cursor } from '../../parsing/cursor.ts';
import { Scope } from '../../parsing/scope.ts';
import { parseSortList } from '../../parsing/window.ts';
import { type MysqlParsing, writtenName } from './context.ts';
import { noteTable } from './from.ts';
import { parseSelectCore } from './select.ts';
import { refuseOtherStatements, refuseSideEffects } from './statement-kinds.ts';

/** The outermost select list is the result; an inner one is used by what stands around it. */
export type Place = 'outermost' | 'inner';

const QUERY_STARTS: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'TABLE', 'VALUES']);
const QUERY_RESTS: ReadonlySet<string> = new Set(['UNION', 'EXCEPT', 'INTERSECT', 'ORDER', 'LIMIT', 'FETCH']);

export function atQuery(cursor: Cursor): boolean {
  return cursor.atAny(QUERY_STARTS);
}

/** Whether what follows a query in parentheses makes it a part of a longer one. */
export function atQueryRest(cursor: Cursor): boolean {
  return cursor.atAny(QUERY_RESTS) || (cursor.at('OFFSET') && !cursor.at(')', 1));
}

/** `WITH … SELECT … UNION … ORDER BY … LIMIT …`; gives the scope of its last SELECT. */
export function parseQuery(parsing: MysqlParsing, outer: Scope, place: Place = 'inner'): Scope {
  const { cursor } = parsing;
  return cursor.nested(() => {
    const scope = cursor.accept('WITH') ? parseWith(parsing, outer) : outer;
    const first = parsePrimary(parsing, scope, place);
    return parseQueryRest(parsing, scope, first, place);
  });
}

/** @param first the scope of the SELECT, or the parentheses, that the query begins with */
export function parseQueryRest(parsing: MysqlParsing, scope: Scope, first: Scope, place: Place = 'inner'): Scope {
  const { cursor, notes } = parsing;
  let last = first;
  while (acceptSetOperator(cursor)) {
    if (place === 'outermost') notes.useItems();
    last = parsePrimary(parsing, scope, 'inner');
  }
  if (cursor.accept('ORDER', 'BY')) {
    parseSortList(parsing, last, (size) => {
      // A number by itself is the place of an item.
      if (place === 'outermost' && size !== undefined) notes.position(size);
    });
  }
  parseLimit(parsing, last);
  refuseSideEffects(cursor);
  return last;
}

function acceptSetOperator(cursor: Cursor): boolean {
  const isOperator = cursor.accept('UNION') || cursor.accept('EXCEPT') || cursor.accept('INTERSECT');
  if (isOperator && !cursor.accept('ALL')) cursor.accept('DISTINCT');
  return isOperator;
}

function parsePrimary(parsing: MysqlParsing, scope: Scope, place: Place): Scope {
  const { cursor } = parsing;
  if (cursor.accept('(')) {
    const last = parseQuery(parsing, scope, place);
    cursor.expect(')');
    return last;
  }
  if (cursor.accept('VALUES')) return parseValues(parsing, scope);
  if (cursor.accept('TABLE')) return parseTableStatement(parsing, scope, place);
  refuseOtherStatements(cursor);
  return parseSelectCore(parsing, scope, place);
}

/** `VALUES ROW(1, 2), ROW(3, 4)` in MySQL, `VALUES (1, 2), (3, 4)` in MariaDB. */
function parseValues(parsing: MysqlParsing, outer: Scope): Scope {
  const { cursor } = parsing;
  const scope = new Scope(outer);
  do {
    cursor.accept('ROW');
    cursor.expect('(');
    if (!cursor.at(')')) {
      do if (!cursor.accept('DEFAULT') && !cursor.accept('IGNORE')) parsing.expression(scope);
      while (cursor.accept(','));
    }
    cursor.expect(')');
  } while (cursor.accept(','));
  return scope;
}

/** `TABLE t` is `SELECT * FROM t`. */
function parseTableStatement(parsing: MysqlParsing, outer: Scope, place: Place): Scope {
  const { cursor, notes } = parsing;
  const scope = new Scope(outer);
  const { offset } = cursor.peek();
  const first = cursor.name();
  if (cursor.accept('.')) noteTable(parsing, scope, first, cursor.name());
  else noteTable(parsing, scope, undefined, first);
  notes.column(['*'], scope, offset);
  if (place === 'outermost') notes.item(true, null);
  return scope;
}

/**
 * The queries of a WITH see those before them, with RECURSIVE themselves too. (In MariaDB those after them as well:
 * their names are then reported as tables.)
 */
function parseWith(parsing: MysqlParsing, outer: Scope): Scope {
  const { cursor } = parsing;
  const isRecursive = cursor.accept('RECURSIVE');
  let scope = outer;
  do {
    const name = writtenName(parsing, cursor.name());
    if (cursor.accept('(')) {
      do cursor.name();
      while (cursor.accept(','));
      cursor.expect(')');
    }
    cursor.expect('AS');
    const next = new Scope(scope);
    next.addTableExpression(name);
    cursor.expect('(');
    parseQuery(parsing, isRecursive ? next : scope);
    cursor.expect(')');
    parseCycle(cursor);
    scope = next;
  } while (cursor.accept(','));
  return scope;
}

/** MariaDB: `CYCLE a, b RESTRICT`. */
function parseCycle(cursor: Cursor): void {
  if (!cursor.accept('CYCLE')) return;
  do cursor.name();
  while (cursor.accept(','));
  cursor.expect('RESTRICT');
}

function parseLimit(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('LIMIT') && !acceptExamined(parsing, scope)) {
    parsing.expression(scope);
    if (cursor.accept(',')) parsing.expression(scope);
    acceptExamined(parsing, scope);
  }
  if (cursor.accept('OFFSET')) {
    parsing.expression(scope);
    if (!acceptExamined(parsing, scope) && !cursor.accept('ROWS')) cursor.accept('ROW');
  }
  if (!cursor.accept('FETCH')) return;
  if (!cursor.accept('FIRST')) cursor.expect('NEXT');
  if (!cursor.at('ROW') && !cursor.at('ROWS')) parsing.expression(scope);
  if (!cursor.accept('ROWS')) cursor.expect('ROW');
  if (!cursor.accept('WITH', 'TIES')) cursor.expect('ONLY');
}

/** MariaDB: `LIMIT 10 ROWS EXAMINED 1000`. */
function acceptExamined(parsing: MysqlParsing, scope: Scope): boolean {
  if (!parsing.cursor.accept('ROWS', 'EXAMINED')) return false;
  parsing.expression(scope);
  return true;
}
