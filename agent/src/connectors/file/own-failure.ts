import { CustardError } from '#core/errors.ts';
import { cannotMask } from '../masking.ts';
import { resultTooLarge, rowTooLarge } from '../run-errors.ts';
import type { FailureContext } from './file-connector.ts';
import type { WorkerFailure } from './worker-protocol.ts';

/** What a worker found out by itself, whichever engine it is. */
export function fromOwnFailure(
  failure: Exclude<WorkerFailure, { kind: 'engine' | 'no driver' }>,
  { path, maxBytes }: FailureContext,
): CustardError {
  switch (failure.kind) {
    case 'no such file':
      return new CustardError('DATABASE_NOT_FOUND', `There is no file ${path}.`, {
        hint: 'Check the path; it has to be a file, not a folder.',
      });
    case 'unreadable file':
      return new CustardError('FILE_UNREADABLE', failure.message, { hint: failure.hint });
    case 'several statements':
      return new CustardError('MULTIPLE_STATEMENTS', 'There is more than one statement.', {
        hint: 'Send them one by one.',
      });
    case 'cannot mask':
      return cannotMask(failure.column);
    case 'result too large':
      return resultTooLarge(maxBytes);
    case 'row too large':
      return rowTooLarge();
    default:
      return failure satisfies never;
  }
}
