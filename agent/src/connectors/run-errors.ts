import { CustardError } from '#core/errors.ts';
import { MAX_ROW_BYTES, MIB } from '#core/protocol/limits.ts';

export const resultTooLarge = (bytes: number): CustardError =>
  new CustardError('RESULT_TOO_LARGE', `The result is larger than the ${formatBytes(bytes)} allowed.`, {
    hint: 'Ask for fewer rows or columns, or raise the limit.',
  });

export const rowTooLarge = (): CustardError =>
  new CustardError('RESULT_TOO_LARGE', `A row of the result is larger than ${formatBytes(MAX_ROW_BYTES)}.`, {
    hint: 'Leave out its largest columns, or select a part of them.',
  });

const formatBytes = (bytes: number): string => (bytes >= MIB ? `${Math.round(bytes / MIB)} MiB` : `${bytes} bytes`);

/** What is left of a limit when the statement is sent is a little less: nobody set 0.997 s. */
const inSeconds = (ms: number): number => (ms < 100 ? ms / 1000 : Math.round(ms / 100) / 10);

export const timedOut = (timeoutMs: number, cause?: unknown): CustardError =>
  new CustardError('QUERY_TIMEOUT', `The query took longer than ${inSeconds(timeoutMs)} s.`, {
    hint: 'Ask for less (a filter, a shorter period), or allow it more time with --timeout.',
    cause,
  });

export const canceled = (cause?: unknown): CustardError =>
  new CustardError('QUERY_CANCELED', 'The query was canceled.', { cause });
