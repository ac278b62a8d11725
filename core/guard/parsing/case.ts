import type { Parsing } from './parsing.ts';
import type { Scope } from './scope.ts';

/** `CASE [x] WHEN a THEN b … [ELSE c] END`, the same in every dialect. */
export function parseCase(parsing: Pick<Parsing, 'cursor' | 'expression'>, scope: Scope): void {
  const { cursor } = parsing;
  cursor.expect('CASE');
  if (!cursor.at('WHEN')) parsing.expression(scope);
  do {
    cursor.expect('WHEN');
    parsing.expression(scope);
    cursor.expect('THEN');
    parsing.expression(scope);
  } while (cursor.at('WHEN'));
  if (cursor.accept('ELSE')) parsing.expression(scope);
  cursor.expect('END');
}
