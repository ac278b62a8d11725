import type { Use } from '../../classify.ts';
import { type Complaint, qualified, type Rules } from '../../decide.ts';
import { words } from '../../words.ts';
import { ALLOWED_FUNCTIONS, ALLOWED_SYSTEM_TABLES, ALLOWED_TABLE_FUNCTIONS, REFUSED_TABLES } from './function-names.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['load_extension', 'loads a library into the process'],
  ['readfile', 'reads files'],
  ['writefile', 'writes files'],
  ['edit', 'runs a program'],
  ['fsdir', 'lists files'],
  ['zipfile', 'reads and writes files'],
  ['fts3_tokenizer', 'takes a pointer into the process'],
  ['optimize', 'rewrites an index'],
  ['sqlite_log', 'writes to the process’s log'],
]);

/** SQLite's policy: the reviewed functions, and no table that is not stored in the database but made up by a module. */
export function sqliteRules(): Rules {
  const functions = words(ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS);
  const systemTables = words(ALLOWED_SYSTEM_TABLES);
  return {
    function: (use) => (functions.has(use.name) ? undefined : refuseFunction(use)),
    table(use) {
      if (!REFUSED_TABLES.test(use.name) || systemTables.has(use.name)) return undefined;
      return {
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: `${qualified(use)} is not a table of the database but a way into SQLite’s inside.`,
        hint: 'Read the tables of the database; sqlite_schema lists them.',
      };
    },
    // SQLite has no operators and types but its own, and a name behind a dot is a column.
    attribute: () => undefined,
    operator: () => undefined,
    type: () => undefined,
  };
}

function refuseFunction(use: Use): Complaint {
  const known = use.name.startsWith('pragma_') ? 'runs a PRAGMA' : REASONS.get(use.name);
  return known === undefined
    ? {
        code: 'FUNCTION_NOT_ALLOWED',
        reason: `${qualified(use)}() is not a function that SQLite itself has and that only computes.`,
        hint: 'Use built-in functions.',
      }
    : { code: 'FUNCTION_NOT_ALLOWED', reason: `${qualified(use)}() ${known}.`, hint: 'Leave the call out.' };
}
