import type { Use } from '../../classify.ts';
import { type Complaint, qualified, type Rules } from '../../decide.ts';
import { words } from '../../words.ts';
import { ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS } from './function-names.ts';
import { refusalReason } from './refused-functions.ts';

const FUNCTIONS = words(ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS);

/** Snowflake's policy: its own functions that only compute, each by its bare name. */
export function snowflakeRules(): Rules {
  return {
    function: functionComplaint,
    // Which tables may be read is for the policy and for the role.
    table: () => undefined,
    // Snowflake has no operators of users; types are read by types.ts, and a name behind a dot is a column.
    attribute: () => undefined,
    operator: () => undefined,
    type: () => undefined,
  };
}

export function functionComplaint(use: Pick<Use, 'schema' | 'name'>): Complaint | undefined {
  if (use.schema === null && FUNCTIONS.has(use.name)) return undefined;
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
