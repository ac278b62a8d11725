import { type Parsing, parseList } from '../../parsing/parsing.ts';
import { Scope } from '../../parsing/scope.ts';
import { parseFrom } from './from.ts';
import { parseSelectList } from './select-list.ts';
import { refuseEffects } from './statement-kinds.ts';
import { parseWindow } from './window.ts';

/** The outermost select list is the result; an inner one is used by what stands around it. */
export type Place = 'outermost' | 'inner';

/** One SELECT or VALUES, without what may follow a union of them. */
export function parseCore(parsing: Parsing, outer: Scope, place: Place): Scope {
  const { cursor, notes } = parsing;
  const scope = new Scope(outer);
  if (cursor.accept('VALUES')) {
    parseRows(parsing, scope);
    return scope;
  }
  cursor.expect('SELECT');
  if (cursor.accept('DISTINCT')) {
    if (place === 'outermost') notes.useItems();
  } else cursor.accept('ALL');
  if (cursor.at('TOP') && cursor.peek(1).kind === 'number') {
    cursor.take();
    cursor.take();
  }
  parseSelectList(parsing, scope, place);
  refuseEffects(cursor);
  if (cursor.accept('FROM')) parseFrom(parsing, scope);
  parseClauses(parsing, scope, place);
  return scope;
}

/** `(1, 2), (3, 4)` of VALUES. */
export function parseRows(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  for (;;) {
    cursor.expect('(');
    parseList(parsing, scope);
    cursor.expect(')');
    if (!cursor.at(',') || !cursor.at('(', 1)) return;
    cursor.take();
  }
}

function parseClauses(parsing: Parsing, scope: Scope, place: Place): void {
  const { cursor, notes } = parsing;
  if (cursor.accept('WHERE')) parsing.expression(scope);
  while (cursor.accept('START', 'WITH') || acceptConnectBy(parsing)) parsing.expression(scope);
  if (cursor.accept('GROUP', 'BY')) {
    if (place === 'outermost') notes.useItems();
    parseGroups(parsing, scope);
  }
  if (cursor.accept('HAVING')) parsing.expression(scope);
  if (cursor.at('WINDOW') && cursor.atName(1) && cursor.at('AS', 2)) {
    cursor.take();
    do {
      cursor.name();
      cursor.expect('AS');
      parseWindow(parsing, scope);
    } while (cursor.accept(','));
  }
  if (cursor.accept('QUALIFY')) parsing.expression(scope);
}

function acceptConnectBy({ cursor }: Parsing): boolean {
  if (!cursor.accept('CONNECT', 'BY')) return false;
  cursor.accept('NOCYCLE');
  return true;
}

function parseGroups(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('ALL')) return;
  do parseGroup(parsing, scope);
  while (cursor.accept(','));
}

function parseGroup(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  const isSets = cursor.at('GROUPING') && cursor.at('SETS', 1);
  if (!isSets && !((cursor.at('CUBE') || cursor.at('ROLLUP')) && cursor.at('(', 1))) {
    parsing.expression(scope);
    return;
  }
  cursor.nested(() => {
    cursor.take();
    if (isSets) cursor.take();
    cursor.expect('(');
    do parseGroup(parsing, scope);
    while (cursor.accept(','));
    cursor.expect(')');
  });
}
