import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { parseDotted, SELECT_STARTS } from './keywords.ts';

/** `ILIKE '…'`, `EXCLUDE …`, `REPLACE (…)`, `RENAME …` after a star. Answers whether there was one. */
export function parseStarModifiers(parsing: Parsing, scope: Scope): boolean {
  const { cursor } = parsing;
  const start = cursor.index;
  for (;;) {
    if (cursor.at('ILIKE') && cursor.peek(1).kind === 'string') {
      cursor.take();
      cursor.take();
    } else if (cursor.accept('EXCLUDE')) parseNames(parsing);
    else if (cursor.at('EXCEPT') && cursor.at('(', 1) && !cursor.at('(', 2) && !cursor.atAny(SELECT_STARTS, 2)) {
      cursor.take();
      parseNames(parsing);
    } else if (cursor.accept('RENAME')) parseRenames(parsing);
    else if (cursor.at('REPLACE') && cursor.at('(', 1)) parseReplacements(parsing, scope);
    else return cursor.index > start;
  }
}

function parseNames({ cursor }: Parsing): void {
  if (!cursor.accept('(')) return void parseDotted(cursor);
  do parseDotted(cursor);
  while (cursor.accept(','));
  cursor.expect(')');
}

function parseRenames({ cursor }: Parsing): void {
  const isList = cursor.accept('(');
  do {
    parseDotted(cursor);
    cursor.expect('AS');
    cursor.name();
  } while (isList && cursor.accept(','));
  if (isList) cursor.expect(')');
}

function parseReplacements(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.expect('REPLACE');
  cursor.expect('(');
  do {
    parsing.expression(scope);
    cursor.expect('AS');
    cursor.name();
  } while (cursor.accept(','));
  cursor.expect(')');
}
