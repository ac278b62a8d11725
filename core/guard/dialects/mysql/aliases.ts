import type { Cursor } from '../../parsing/cursor.ts';
import type { Token } from '../../parsing/token.ts';

/** WINDOW begins the clause of that name only where `name AS` follows. */
function atBareName(cursor: Cursor): boolean {
  return cursor.atBareAlias() && !(cursor.at('WINDOW') && cursor.at('AS', 2));
}

/** A name or a string, with AS or without. */
export function acceptItemAlias(cursor: Cursor): Token | undefined {
  const hasAs = cursor.accept('AS');
  if (cursor.peek().kind === 'string') return cursor.take();
  if (hasAs) return cursor.name();
  return atBareName(cursor) ? cursor.take() : undefined;
}

/** A name; once it could stand behind `=`. */
export function acceptTableAlias(cursor: Cursor): Token | undefined {
  if (cursor.accept('AS') || cursor.accept('=')) return cursor.name();
  return atBareName(cursor) ? cursor.take() : undefined;
}
