import type { Magnitude, Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { DATE_PARTS } from './date-parts.ts';
import { parseType } from './types.ts';

/** `CAST(a AS type)`, with what structured types may take in the going. */
export function parseCast(parsing: Parsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  cursor.take();
  cursor.expect('(');
  const size = parsing.expression(scope);
  cursor.expect('AS');
  parseType(cursor);
  while (cursor.accept('RENAME', 'FIELDS') || cursor.accept('ADD', 'FIELDS'));
  cursor.expect(')');
  return size;
}

/** `EXTRACT(part FROM a)`, `DATE_PART(part, a)`: the part is a word, quoted or not. */
export function parseExtract(parsing: Parsing, scope: Scope): undefined {
  const { cursor, notes } = parsing;
  const name = cursor.take();
  notes.function(undefined, { ...name, text: name.text.toLowerCase() });
  cursor.expect('(');
  if (cursor.peek().kind === 'string' || DATE_PARTS.has(cursor.peek().text)) cursor.take();
  else parsing.expression(scope);
  if (!cursor.accept('FROM')) cursor.expect(',');
  parsing.expression(scope);
  cursor.expect(')');
}
