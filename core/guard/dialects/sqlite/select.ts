import { Scope } from '../../scope.ts';
import { type Parsing, parseArguments, parseList, SELECT_STARTS } from './expression.ts';
import { JOIN_KEYWORD_SET } from './keywords.ts';
import { fold } from './notes.ts';
import { refuseOtherStatements } from './statement-kinds.ts';
import { parseSortList, parseWindow } from './window.ts';

/** `WITH … SELECT … UNION … ORDER BY … LIMIT …`, by the grammar of src/parse.y of SQLite 3.53. */
export function parseSelect(parsing: Parsing, outer: Scope | undefined): void {
  const { cursor } = parsing;
  cursor.nested(() => {
    const scope = new Scope(outer);
    if (cursor.accept('WITH')) parseWith(parsing, scope);
    let core = parseCore(parsing, scope);
    while (acceptCompound(parsing)) core = parseCore(parsing, scope);
    if (cursor.accept('ORDER', 'BY')) parseSortList(parsing, core);
    if (cursor.accept('LIMIT')) {
      parsing.expression(core);
      if (cursor.accept('OFFSET') || cursor.accept(',')) parsing.expression(core);
    }
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

function parseCore(parsing: Parsing, outer: Scope): Scope {
  const { cursor } = parsing;
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
  if (!cursor.accept('DISTINCT')) cursor.accept('ALL');
  parseResultColumns(parsing, scope);
  if (cursor.accept('FROM')) parseFrom(parsing, scope);
  if (cursor.accept('WHERE')) parsing.expression(scope);
  if (cursor.accept('GROUP', 'BY')) parseList(parsing, scope);
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

function parseResultColumns(parsing: Parsing, scope: Scope): void {
  const { cursor, notes } = parsing;
  do {
    if (cursor.accept('*')) notes.column(['*'], scope);
    else if (cursor.atName() && cursor.at('.', 1) && cursor.at('*', 2)) {
      notes.column([cursor.name().text, '*'], scope);
      cursor.expect('.');
      cursor.expect('*');
    } else {
      parsing.expression(scope);
      parseAlias(parsing);
    }
  } while (cursor.accept(','));
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
    // A natural join compares columns the statement does not name.
    if (isNatural) notes.column(['*'], scope);
    parseSource(parsing, scope);
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
    cursor.expect('(');
    const isQuery = cursor.atAny(SELECT_STARTS);
    if (isQuery) parseSelect(parsing, scope);
    else parseFrom(parsing, scope);
    cursor.expect(')');
    const alias = parseAlias(parsing);
    if (alias === undefined) return;
    scope.addSource(fold(alias), null);
    // The alias of a parenthesized join renames the columns of its tables.
    if (!isQuery) parsing.notes.column(['*'], scope);
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
  scope.addSource(fold(alias), isDerived ? null : table);
  if (cursor.accept('INDEXED', 'BY')) cursor.name();
  else cursor.accept('NOT', 'INDEXED');
}

function parseUsing({ cursor, notes }: Parsing, scope: Scope): void {
  cursor.expect('(');
  do notes.column([cursor.name().text], scope);
  while (cursor.accept(','));
  cursor.expect(')');
}
