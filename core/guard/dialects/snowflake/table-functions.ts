import { Refused } from '../../classify.ts';
import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import { words } from '../../words.ts';
import { noteFunction, parseArguments, refuseOversize } from './call.ts';
import { ALLOWED_TABLE_FUNCTIONS } from './function-names.ts';

const TABLE_FUNCTIONS = words(ALLOWED_TABLE_FUNCTIONS);

/** A function in FROM; the cursor is at its parenthesis. */
export function parseTableFunction(parsing: Parsing, scope: Scope, names: readonly Token[]): void {
  const name = noteFunction(parsing, scope, names);
  if (!TABLE_FUNCTIONS.has(name.text)) {
    throw new Refused({
      code: 'FUNCTION_NOT_ALLOWED',
      reason: `${name.text}() is not a table function that only computes.`,
      hint: 'Use FLATTEN, GENERATOR, SPLIT_TO_TABLE or STRTOK_SPLIT_TO_TABLE.',
      offset: name.offset,
    });
  }
  refuseOversize(parsing, name, parseArguments(parsing, scope, name));
}
