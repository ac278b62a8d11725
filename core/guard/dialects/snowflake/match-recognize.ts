import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { parseSortList } from '../../parsing/window.ts';
import { words } from '../../words.ts';
import { PatternScope } from './pattern-scope.ts';

/** `MATCH_RECOGNIZE (PARTITION BY … ORDER BY … MEASURES … PATTERN (…) DEFINE …)`. */
export function parseMatchRecognize(parsing: Parsing, outer: Scope): void {
  const { cursor } = parsing;
  const scope = new PatternScope(outer);
  cursor.take();
  cursor.expect('(');
  if (cursor.accept('PARTITION', 'BY')) {
    do parsing.expression(scope);
    while (cursor.accept(','));
  }
  if (cursor.accept('ORDER', 'BY')) parseSortList(parsing, scope);
  if (cursor.accept('MEASURES')) parseMeasures(parsing, scope);
  parseRowsPerMatch(parsing);
  parseSkip(parsing);
  parsePattern(parsing, scope);
  parseDefinitions(parsing, scope);
  cursor.expect(')');
}

function parseMeasures(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  do {
    parsing.expression(scope);
    cursor.expect('AS');
    cursor.name();
  } while (cursor.accept(','));
}

function parseRowsPerMatch({ cursor }: Parsing): void {
  if (cursor.accept('ONE', 'ROW')) {
    cursor.expect('PER');
    cursor.expect('MATCH');
    return;
  }
  if (!cursor.accept('ALL', 'ROWS')) return;
  cursor.expect('PER');
  cursor.expect('MATCH');
  if (cursor.accept('SHOW', 'EMPTY', 'MATCHES') || cursor.accept('OMIT', 'EMPTY', 'MATCHES')) return;
  cursor.accept('WITH', 'UNMATCHED', 'ROWS');
}

function parseSkip({ cursor }: Parsing): void {
  if (!cursor.accept('AFTER', 'MATCH', 'SKIP')) return;
  if (cursor.accept('PAST', 'LAST', 'ROW') || cursor.accept('TO', 'NEXT', 'ROW')) return;
  if (!cursor.accept('TO')) return;
  if ((cursor.at('FIRST') || cursor.at('LAST')) && cursor.atName(1)) cursor.take();
  cursor.name();
}

const PATTERN_SYMBOLS = words('( ) { } ^ $ * + - | , ** ||');

/** A row of symbols and quantifiers, the parentheses of which match. */
function parsePattern({ cursor }: Parsing, scope: Scope): void {
  cursor.expect('PATTERN');
  cursor.expect('(');
  for (let depth = 1; depth > 0; ) {
    const { kind, text } = cursor.peek();
    const isKnown = kind === 'number' || text === '?' || cursor.atName() || cursor.atAny(PATTERN_SYMBOLS);
    if (!isKnown) cursor.fail('expected a symbol of the pattern');
    if (cursor.atName()) scope.addSource(text, null);
    if (cursor.at('(')) depth++;
    if (cursor.at(')')) depth--;
    cursor.take();
  }
}

function parseDefinitions(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('SUBSET')) {
    do {
      scope.addSource(cursor.name().text, null);
      cursor.expect('=');
      cursor.expect('(');
      do cursor.name();
      while (cursor.accept(','));
      cursor.expect(')');
    } while (cursor.accept(','));
  }
  if (!cursor.accept('DEFINE')) return;
  do {
    cursor.name();
    cursor.expect('AS');
    parsing.expression(scope);
  } while (cursor.accept(','));
}
