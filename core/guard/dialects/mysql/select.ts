import { parseList } from '../../parsing/parsing.ts';
import { Scope } from '../../parsing/scope.ts';
import { parseSortList, parseWindow } from '../../parsing/window.ts';
import { words } from '../../words.ts';
import { acceptItemAlias } from './aliases.ts';
import { type MysqlParsing, noteColumn, writtenName } from './context.ts';
import { parseTables } from './from.ts';
import type { Place } from './query.ts';
import { refuseSideEffects } from './statement-kinds.ts';

const OPTIONS = words(`
  ALL HIGH_PRIORITY STRAIGHT_JOIN SQL_SMALL_RESULT SQL_BIG_RESULT SQL_BUFFER_RESULT SQL_NO_CACHE SQL_CACHE
  SQL_CALC_FOUND_ROWS DISTINCT DISTINCTROW
`);

/** `SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW …`. */
export function parseSelectCore(parsing: MysqlParsing, outer: Scope, place: Place): Scope {
  const { cursor, notes } = parsing;
  const scope = new Scope(outer);
  const isOutermost = place === 'outermost';
  cursor.expect('SELECT');
  while (cursor.atAny(OPTIONS)) if (cursor.take().text.startsWith('DISTINCT') && isOutermost) notes.useItems();
  parseItems(parsing, scope, isOutermost);
  refuseSideEffects(cursor);
  if (cursor.accept('FROM')) parseTables(parsing, scope);
  if (cursor.accept('WHERE')) parsing.expression(scope);
  if (cursor.accept('GROUP', 'BY')) {
    if (isOutermost) notes.useItems();
    parseGrouping(parsing, scope);
  }
  if (cursor.accept('HAVING')) parsing.expression(scope);
  if (cursor.at('WINDOW') && cursor.at('AS', 2)) parseWindows(parsing, scope);
  if (cursor.accept('QUALIFY')) parsing.expression(scope);
  return scope;
}

function parseGrouping(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('ROLLUP', '(') || cursor.accept('CUBE', '(')) {
    parseList(parsing, scope);
    cursor.expect(')');
    return;
  }
  parseSortList(parsing, scope);
  if (!cursor.accept('WITH', 'ROLLUP')) cursor.accept('WITH', 'CUBE');
}

function parseWindows(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.expect('WINDOW');
  do {
    cursor.name();
    cursor.expect('AS');
    parseWindow(parsing, scope);
  } while (cursor.accept(','));
}

function parseItems(parsing: MysqlParsing, scope: Scope, isOutermost: boolean): void {
  const { cursor, notes } = parsing;
  do {
    const [start, noted] = [cursor.index, notes.columnCount];
    const isStar = acceptStar(parsing, scope);
    if (!isStar) parsing.expression(scope);
    // One token, or three or five with dots between them, that made one note of a column: nothing else.
    const isColumn = isStar || (notes.columnCount === noted + 1 && isPath(cursor.index - start, parsing));
    const alias = isStar ? undefined : acceptItemAlias(cursor);
    if (isOutermost) notes.item(isColumn, alias === undefined ? null : writtenName(parsing, alias));
  } while (cursor.accept(','));
}

function isPath(length: number, { cursor }: MysqlParsing): boolean {
  if (length % 2 === 0) return false;
  for (let back = 2; back < length; back += 2) if (!cursor.at('.', -back)) return false;
  return true;
}

/** `*`, `t.*`, `db.t.*`. */
function acceptStar(parsing: MysqlParsing, scope: Scope): boolean {
  const { cursor, notes } = parsing;
  const { offset } = cursor.peek();
  if (cursor.accept('*')) {
    notes.column(['*'], scope, offset);
    return true;
  }
  const length = [2, 4].find((at) => cursor.at('.', at - 1) && cursor.at('*', at));
  if (length === undefined || !cursor.atName() || (length === 4 && !cursor.at('.', 1))) return false;
  const parts: string[] = [];
  while (!cursor.accept('*')) {
    parts.push(writtenName(parsing, cursor.name()));
    cursor.expect('.');
  }
  noteColumn(parsing, [...parts, '*'], scope, offset);
  return true;
}
