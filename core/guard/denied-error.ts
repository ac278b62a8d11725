import { CustardError } from '../errors.ts';
import type { Denied } from './verdict.ts';

/** The guard's refusal as the error that both the control plane and the agent answer with. */
export function deniedError({ code, reason, hint, where }: Denied): CustardError {
  return new CustardError(code, reason, {
    ...(hint === undefined ? {} : { hint }),
    ...(where === undefined ? {} : { details: { where } }),
  });
}
