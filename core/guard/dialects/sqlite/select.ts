import { type Parsing, parseList } from '../../parsing/parsing.ts';
import { Scope } from '../../parsing/scope.ts';
import { parseSortList, parseWindow } from '../../parsing/window.ts';
import { parseArguments, SELECT_STARTS } from './expression.ts';
import { fold, JOIN_KEYWORD_SET } from './keywords.ts';
import { refuseOtherStatements } from './statement-kinds.ts';

/** `WITH … SELECT … UNION … ORDER BY … LIMIT …`, by the grammar of src/parse.y of SQLite 3.53. */
export function parseSelect(parsing: Parsing, outer: Scope | undefined, place: Place = 'inner'): void {
  const { cursor, notes } = parsing;
  cursor.nested(() => {
    const scope = new Scope(outer);
    if (cursor.accept('WITH')) parseWith(parsing, scope);
    let core = parseCore(parsing, scope, place);
    while (acceptCompound(parsing)) {
      if (place === 'outermost') notes.useItems();
      core = parseCore(parsing, scope, 'inner');
    }
    if (cursor.accept('ORDER', 'BY')) parseOrderBy(parsing, core, place);
    if (cursor.accept('LIMIT')) {
      parsing.expression(core);
      if (cursor.accept('OFFSET') || cursor.accept(',')) parsing.expression(core);
    }
  });
}

/** The outermost select list is the result; an inner one is used by what stands around it. */
type Place = 'outermost' | 'inner';

/** A number by itself is the place of an item. */
function parseOrderBy(parsing: Parsing, scope: Scope, place: Place): void {
  parseSortList(parsing, scope, (size) => {
    if (place === 'outermost' && size !== undefined) parsing.notes.position(size);
  });
}

/** Every expression of a WITH sees all the others, with and without RECURSIVE. */
function parseWith(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.accept('RECURSIVE');
  do {
    scope.addTableExpression(fold(cursor.name().text));
    if (cursor.accept('(')) {
      do cursor.name();
      while (cursor.accept(','));
      cursor.expect(')');
    }
    cursor.expect('AS');
    cursor.accept('NOT');
    cursor.accept('MATERIALIZED');
    cursor.expect('(');
    parseSelect(parsing, scope);
    cursor.expect(')');
  } while (cursor.accept(','));
}

function acceptCompound({ cursor }: Parsing): boolean {
  if (!cursor.accept('UNION')) return cursor.accept('EXCEPT') || cursor.accept('INTERSECT');
  cursor.accept('ALL');
  return true;
}

function parseCore(parsing: Parsing, outer: Scope, place: Place): Scope {
  const { cursor, notes } = parsing;
  const scope = new Scope(outer);
  if (cursor.accept('VALUES')) {
    do {
      cursor.expect('(');
      parseList(parsing, scope);
      cursor.expect(')');
    } while (cursor.accept(','));
    return scope;
  }
  refuseOtherStatements(cursor);
  cursor.expect('SELECT');
  if (cursor.accept('DISTINCT')) {
    if (place === 'outermost') notes.useItems();
  } else cursor.accept('ALL');
  parseResultColumns(parsing, scope, place);
  if (cursor.accept('FROM')) parseFrom(parsing, scope);
  if (cursor.accept('WHERE')) parsing.expression(scope);
  if (cursor.accept('GROUP', 'BY')) {
    if (place === 'outermost') notes.useItems();
    parseList(parsing, scope);
  }
  if (cursor.accept('HAVING')) parsing.expression(scope);
  if (cursor.accept('WINDOW')) parseWindows(parsing, scope);
  return scope;
}

function parseWindows(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  do {
    cursor.name();
    cursor.expect('AS');
    parseWindow(parsing, scope);
  } while (cursor.accept(','));
}

function parseResultColumns(parsing: Parsing, scope: Scope, place: Place): void {
  const { cursor, notes } = parsing;
  do {
    const [start, noted] = [cursor.index, notes.columnCount];
    const isStar = acceptStar(parsing, scope);
    if (!isStar) parsing.expression(scope);
    // One token, or three or five with dots between them, that made one note of a column: nothing else.
    const isColumn = isStar || (notes.columnCount === noted + 1 && isPath(cursor.index - start, parsing));
    const alias = isStar ? undefined : parseAlias(parsing);
    if (place === 'outermost') notes.item(isColumn, alias ?? null);
  } while (cursor.accept(','));
}

function isPath(length: number, { cursor }: Parsing): boolean {
  if (length % 2 === 0) return false;
  for (let back = 2; back < length; back += 2) if (!cursor.at('.', -back)) return false;
  return true;
}

function acceptStar(parsing: Parsing, scope: Scope): boolean {
  const { cursor, notes } = parsing;
  const { offset } = cursor.peek();
  if (cursor.accept('*')) {
    notes.column(['*'], scope, offset);
    return true;
  }
  if (!cursor.atName() || !cursor.at('.', 1) || !cursor.at('*', 2)) return false;
  notes.column([cursor.name().text, '*'], scope, offset);
  cursor.expect('.');
  cursor.expect('*');
  return true;
}

/** WINDOW begins the clause of that name only where `name AS` follows; else it is an alias. */
function parseAlias({ cursor }: Parsing): string | undefined {
  if (cursor.accept('AS')) return cursor.name().text;
  const isClause = cursor.at('WINDOW') && cursor.atName(1) && cursor.at('AS', 2);
  return cursor.atBareAlias() && !isClause ? cursor.take().text : undefined;
}

function parseFrom(parsing: Parsing, scope: Scope): void {
  const { cursor, notes } = parsing;
  parseSource(parsing, scope);
  for (;;) {
    let isNatural = false;
    if (!cursor.accept(',')) {
      while (cursor.atAny(JOIN_KEYWORD_SET)) isNatural = cursor.take().text === 'NATURAL' || isNatural;
      if (!cursor.accept('JOIN')) return;
    }
    const { offset } = cursor.peek();
    parseSource(parsing, scope);
    // A natural join compares columns the statement does not name.
    if (isNatural) notes.column(['*'], scope, offset);
  }
}

function parseSource(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.at('(')) parseParenthesizedSource(parsing, scope);
  else parseTable(parsing, scope);
  if (cursor.accept('ON')) parsing.expression(scope);
  else if (cursor.accept('USING')) parseUsing(parsing, scope);
}

function parseParenthesizedSource(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.nested(() => {
    const { offset } = cursor.expect('(');
    const isQuery = cursor.atAny(SELECT_STARTS);
    if (isQuery) parseSelect(parsing, scope);
    else parseFrom(parsing, scope);
    cursor.expect(')');
    const alias = parseAlias(parsing);
    if (alias === undefined) return;
    scope.addSource(fold(alias), null);
    // The alias of a parenthesized join renames the columns of its tables.
    if (!isQuery) parsing.notes.column(['*'], scope, offset);
  });
}

function parseTable(parsing: Parsing, scope: Scope): void {
  const { cursor, notes } = parsing;
  const first = cursor.name();
  const second = cursor.accept('.') ? cursor.name() : undefined;
  const [schema, name] = second === undefined ? [undefined, first] : [first, second];
  const isFunction = cursor.at('(');
  if (isFunction) parseArguments(parsing, scope, schema, name);
  else notes.table(schema, name, scope);
  const alias = parseAlias(parsing) ?? name.text;
  const table = fold(name.text);
  const isDerived = isFunction || (schema === undefined && scope.isTableExpression(table));
  const base = { schema: schema === undefined ? null : fold(schema.text), name: table };
  scope.addSource(fold(alias), isDerived ? null : base);
  if (cursor.accept('INDEXED', 'BY')) cursor.name();
  else cursor.accept('NOT', 'INDEXED');
}

function parseUsing({ cursor, notes }: Parsing, scope: Scope): void {
  cursor.expect('(');
  do {
    const { text, offset } = cursor.name();
    notes.column([text], scope, offset);
  } while (cursor.accept(','));
  cursor.expect(')');
}
