import type { Cursor } from './cursor.ts';
import type { Notes } from './notes.ts';
import type { Scope } from './scope.ts';

/** What the parts of a dialect's parser share while they read one statement. */
export interface Parsing {
  readonly cursor: Cursor;
  readonly notes: Notes;
  readonly select: (scope: Scope) => void;
  readonly expression: (scope: Scope) => Magnitude;
}

/** A literal's value, or the greatest that a constant expression can come to; undefined where it is not constant. */
export type Magnitude = number | undefined;

export function parseList(parsing: Parsing, scope: Scope): Magnitude[] {
  const sizes = [parsing.expression(scope)];
  while (parsing.cursor.accept(',')) sizes.push(parsing.expression(scope));
  return sizes;
}
