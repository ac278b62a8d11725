import { Refused } from '../../classify.ts';
import type { Token } from '../../parsing/token.ts';

/** `$name`: only another statement can set it. */
export function refuseVariable({ offset }: Token): never {
  throw new Refused({
    code: 'CONSTRUCT_NOT_ALLOWED',
    reason: 'The statement reads a variable of the session, and Custard sets none.',
    hint: 'Write the value itself.',
    offset,
  });
}

/** `@stage`, and its path as a text. */
export function refuseStage({ offset }: Token): never {
  throw new Refused({
    code: 'CONSTRUCT_NOT_ALLOWED',
    reason: 'The statement reads files of a stage, which no policy on tables can cover.',
    hint: 'Read tables and views.',
    offset,
  });
}
