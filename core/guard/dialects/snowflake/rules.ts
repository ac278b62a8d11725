import type { Use } from '../../classify.ts';
import { type Complaint, qualified, type Rules } from '../../decide.ts';
import { words } from '../../words.ts';
import { ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS, PATTERN_FUNCTIONS } from './function-names.ts';
import { refusalReason } from './refused-functions.ts';

const FUNCTIONS = words(ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS);
const ALL_FUNCTIONS = words(ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS, PATTERN_FUNCTIONS);

/** Snowflake's policy: its own functions that only compute, each by its bare name. */
export function snowflakeRules(): Rules {
  return {
    // Where a function of patterns stands, the parser has seen already.
    function: (use) => functionComplaint(use, 'pattern'),
    // Which tables may be read is for the policy and for the role.
    table: () => undefined,
    // Snowflake has no operators of users; types are read by types.ts, and a name behind a dot is a column.
    attribute: () => undefined,
    operator: () => undefined,
    type: () => undefined,
  };
}

/** @param place `pattern` inside MATCH_RECOGNIZE, which has functions of its own */
export function functionComplaint(
  use: Pick<Use, 'schema' | 'name'>,
  place: 'anywhere' | 'pattern',
): Complaint | undefined {
  const functions = place === 'pattern' ? ALL_FUNCTIONS : FUNCTIONS;
  if (use.schema === null && functions.has(use.name)) return undefined;
  const name = qualified(use);
  const reason = refusalReason(name);
  if (reason !== undefined) {
    return { code: 'FUNCTION_NOT_ALLOWED', reason: `${name}() ${reason}.`, hint: 'Leave the call out.' };
  }
  return {
    code: 'FUNCTION_NOT_ALLOWED',
    reason: `${name}() is not a function that Snowflake itself has and that only computes.`,
    hint: 'Use built-in functions, without a schema.',
  };
}
