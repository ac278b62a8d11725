import { CustardError, type ErrorCode } from '#core/errors.ts';
import type { FailureContext } from '../file/file-connector.ts';
import { fromOwnFailure } from '../file/own-failure.ts';
import type { WorkerFailure } from '../file/worker-protocol.ts';

interface Translation {
  readonly code: ErrorCode;
  readonly hint?: string;
}

/** SQLite's primary result codes. https://sqlite.org/rescode.html */
const BY_CODE: Readonly<Record<number, Translation>> = {
  3: { code: 'PERMISSION_DENIED', hint: 'Check who may read the file.' },
  5: { code: 'DATABASE_UNREACHABLE', hint: 'Another program is writing to the file. Try again in a moment.' },
  6: { code: 'DATABASE_UNREACHABLE', hint: 'Another program is writing to the file. Try again in a moment.' },
  7: { code: 'QUERY_FAILED', hint: 'The statement needs more memory than Custard allows it. Ask for less.' },
  8: { code: 'NOT_READ_ONLY', hint: 'Custard only reads. Run a writing statement with another tool.' },
  10: { code: 'DATABASE_UNREACHABLE', hint: 'The file could not be read. Check the disk it is on.' },
  14: { code: 'DATABASE_NOT_FOUND', hint: 'Check the path, and that this user may read the file and its folder.' },
  18: { code: 'RESULT_TOO_LARGE', hint: 'A single value is too large. Select a part of it.' },
  23: { code: 'NOT_READ_ONLY', hint: 'Custard only reads tables and views, and calls functions without side effects.' },
  26: { code: 'DATABASE_NOT_FOUND', hint: 'The file is there but is no SQLite database. Check the path.' },
};

/** Code 1 and 23 stand for many things, and SQLite tells them apart in its message only. */
const BY_MESSAGE: readonly (readonly [RegExp, Translation])[] = [
  [/^no such table: /, { code: 'RELATION_NOT_FOUND', hint: 'See what there is with: custard schema list' }],
  [/^no such column: /, { code: 'COLUMN_NOT_FOUND', hint: 'See its columns with: custard schema show TABLE' }],
  [/^not authorized to use function: /, { code: 'FUNCTION_NOT_ALLOWED' }],
  [/^access to .* is prohibited$/, { code: 'PERMISSION_DENIED' }],
  [/syntax error$|^incomplete input$|^unrecognized token/, { code: 'STATEMENT_INVALID' }],
];

export function fromFailure(failure: WorkerFailure, context: FailureContext): CustardError {
  switch (failure.kind) {
    case 'engine':
      return fromEngine(Number(failure.code), failure.message);
    case 'no driver':
    case 'unreadable file':
      throw new TypeError('SQLite is a part of Node, and reads databases only.');
    default:
      return fromOwnFailure(failure, context);
  }
}

function fromEngine(code: number, message: string): CustardError {
  const primary = code & 0xff;
  const spoken = primary === 1 || primary === 23 ? BY_MESSAGE.find(([pattern]) => pattern.test(message)) : undefined;
  const translation = spoken?.[1] ?? BY_CODE[primary] ?? { code: 'QUERY_FAILED' };
  return new CustardError(translation.code, message, {
    details: { engineCode: String(code) },
    cause: new Error(message),
    ...(translation.hint === undefined ? {} : { hint: translation.hint }),
  });
}
