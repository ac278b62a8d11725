import type { Use } from '../../classify.ts';
import { type Complaint, qualified, type Rules } from '../../decide.ts';
import { words } from '../../words.ts';
import { REFUSED_FUNCTIONS } from './reviewed-functions.ts';
import { ALLOWED_VIEWS, SYSTEM_SCHEMAS } from './system-names.ts';

/** The engines' policy: the reviewed functions, and of the system's schemas what describes the user's own tables. */
export function rulesFor(dialect: string, allowed: string): Rules {
  const functions = words(allowed);
  const schemas = words(SYSTEM_SCHEMAS);
  const views = words(ALLOWED_VIEWS);
  return {
    function: (use) => (use.schema === null && functions.has(use.name) ? undefined : refuseFunction(use, dialect)),
    table(use) {
      const { schema, name } = use;
      if (schema === null || !schemas.has(schema)) return undefined;
      if (schema === 'information_schema' && views.has(name)) return undefined;
      return {
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: `${qualified(use)} is a system table that questions should not read.`,
        hint: 'information_schema.tables, columns and statistics describe the tables of the database.',
      };
    },
    // The engines have no operators and types but their own, and a name behind a dot is a column.
    attribute: () => undefined,
    operator: () => undefined,
    type: () => undefined,
  };
}

function refuseFunction(use: Use, dialect: string): Complaint {
  const known = REFUSED_FUNCTIONS.find(({ names }) => words(names).has(use.name));
  return known === undefined
    ? {
        code: 'FUNCTION_NOT_ALLOWED',
        reason: `${qualified(use)}() is not a function that ${dialect} itself has and that only computes.`,
        hint: 'Use built-in functions.',
      }
    : {
        code: 'FUNCTION_NOT_ALLOWED',
        reason: `${qualified(use)}() ${known.reason}.`,
        hint: 'Leave the call out.',
      };
}
