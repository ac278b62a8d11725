import type { ErrorCode, Position } from '../errors.ts';
import type { Denied } from './verdict.ts';

interface Next {
  readonly hint?: string | undefined;
  readonly where?: Position | undefined;
}

/** A refusal; `reason` and `hint` hold names, never literals. */
export function denied(code: ErrorCode, reason: string, { hint, where }: Next = {}): Denied {
  return {
    verdict: 'deny',
    code,
    reason,
    ...(hint === undefined ? {} : { hint }),
    ...(where === undefined ? {} : { where }),
  };
}
