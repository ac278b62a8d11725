import type { Cursor } from '../../parsing/cursor.ts';
import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import { words } from '../../words.ts';
import { noteColumn } from './columns.ts';
import { HIERARCHY_PREFIXES } from './expression.ts';
import { acceptAlias, parseDotted } from './keywords.ts';
import type { Place } from './select.ts';
import { parseStarModifiers } from './star.ts';

interface Item {
  /** One column and nothing else: its name, `*` for a star. */
  readonly column: Token | undefined;
  readonly isQualified: boolean;
  readonly alias: string | undefined;
}

/** What may stand behind the last item, with a comma between or not. */
const LIST_ENDS = words(') ; FROM WHERE INTO UNION INTERSECT EXCEPT MINUS ORDER QUALIFY GROUP HAVING');

export function parseSelectList(parsing: Parsing, scope: Scope, place: Place): void {
  const { cursor, notes } = parsing;
  const items: Item[] = [];
  const { index } = cursor;
  do {
    if (cursor.index > index && (cursor.atAny(LIST_ENDS) || cursor.peek().kind === 'end')) break;
    const item = parseItem(parsing, scope);
    if (place === 'outermost') {
      notes.item(item.column !== undefined, item.alias ?? null);
      items.push(item);
    }
  } while (cursor.accept(','));
  noteAliases(parsing, scope, items);
}

/** An item may name another one by its alias; what that shows is then used here. */
function noteAliases({ notes }: Parsing, scope: Scope, items: readonly Item[]): void {
  const renamed = new Set(
    items.filter(({ column, alias }) => column !== undefined && alias !== column.text).map(({ alias }) => alias),
  );
  for (const { column, isQualified } of items) {
    if (column === undefined || isQualified || !renamed.has(column.text)) continue;
    notes.column([column.text], scope, column.offset);
  }
}

function parseItem(parsing: Parsing, scope: Scope): Item {
  const { cursor, notes } = parsing;
  const star = acceptStar(parsing, scope);
  if (star !== undefined) {
    // A changed star is other columns under other names: its columns count as used, not as shown.
    const isChanged = parseStarModifiers(parsing, scope);
    return { column: isChanged ? undefined : star, isQualified: true, alias: undefined };
  }
  const [start, noted] = [cursor.index, notes.columnCount];
  parsing.expression(scope);
  // `PRIOR a` without a hierarchy is a column with an alias.
  if (cursor.atAny(HIERARCHY_PREFIXES, -2) && cursor.atName(-1) && !cursor.at('AS')) {
    notes.column([cursor.peek(-2).text], scope, cursor.peek(-2).offset);
  }
  const isColumn = notes.columnCount === noted + 1 && isPath(cursor, cursor.index - start);
  const column = isColumn ? cursor.peek(-1) : undefined;
  const isQualified = cursor.index - start > 1;
  return { column, isQualified, alias: acceptAlias(cursor)?.text };
}

/** Whether the last tokens are names with a dot between each two. */
function isPath(cursor: Cursor, length: number): boolean {
  if (length % 2 === 0) return false;
  for (let back = 1; back <= length; back++) {
    if (!(back % 2 === 0 ? cursor.at('.', -back) : cursor.atName(-back))) return false;
  }
  return true;
}

function acceptStar(parsing: Parsing, scope: Scope): Token | undefined {
  const { cursor, notes } = parsing;
  const names = starQualifier(cursor);
  if (names === undefined) return undefined;
  const star = cursor.expect('*');
  noteColumn(notes, [...names, star], scope);
  return star;
}

function starQualifier(cursor: Cursor): Token[] | undefined {
  if (cursor.at('*')) return [];
  let ahead = 0;
  while (cursor.atName(ahead) || cursor.at('.', ahead)) ahead++;
  if (ahead === 0 || !cursor.at('*', ahead) || !cursor.at('.', ahead - 1) || ahead > MAX_QUALIFIER) return undefined;
  const names = parseDotted(cursor);
  cursor.expect('.');
  return names;
}

/** `db.schema.t.` */
const MAX_QUALIFIER = 6;
