import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { words } from '../../words.ts';
import { noteTable } from './columns.ts';
import { acceptAlias, parseDotted } from './keywords.ts';
import { parseSuffixes } from './table-suffixes.ts';

const PARTS = words('METRICS DIMENSIONS FACTS');

/** `SEMANTIC_VIEW(view METRICS … DIMENSIONS … WHERE …)`: a view like others, all of which is read. */
export function parseSemanticView(parsing: Parsing, scope: Scope): void {
  const { cursor, notes } = parsing;
  const { text: alias, offset } = cursor.take();
  cursor.expect('(');
  const names = parseDotted(cursor);
  const table = noteTable(notes, names, scope);
  scope.addSource(alias, table);
  notes.column([alias, '*'], scope, offset);
  while (cursor.atAny(PARTS) && !cursor.at(',', 1)) {
    cursor.take();
    do {
      parsing.expression(scope);
      acceptPartAlias(parsing);
    } while (cursor.accept(','));
  }
  if (cursor.accept('WHERE')) parsing.expression(scope);
  cursor.expect(')');
  parseSuffixes(parsing, scope, { table, name: undefined });
}

function acceptPartAlias({ cursor }: Parsing): void {
  if (!cursor.atAny(PARTS)) acceptAlias(cursor);
}
