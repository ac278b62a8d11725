import { Refused } from '../../classify.ts';
import type { Token } from '../../parsing/token.ts';

const HINT = 'Use built-in functions, or have a view made that calls it.';

/** @param what the call, and what is wrong with it */
export function refuseFunction(what: string, { offset }: Token, hint = HINT): never {
  throw new Refused({ code: 'FUNCTION_NOT_ALLOWED', reason: `${what}.`, hint, offset });
}

export function refuseConstruct(reason: string, hint: string, { offset }: Token): never {
  throw new Refused({ code: 'CONSTRUCT_NOT_ALLOWED', reason, hint, offset });
}

export function refuseStatement(reason: string, { offset }: Token): never {
  const hint = 'Custard runs reads only: SELECT, VALUES, TABLE, EXPLAIN.';
  throw new Refused({ code: 'NOT_READ_ONLY', reason, hint, offset });
}
