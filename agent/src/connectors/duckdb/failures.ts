import type { WorkerFailure } from '../file/worker-protocol.ts';
import { CannotMask } from './column-masks.ts';
import { UnreadableFile } from './data-files/unreadable.ts';
import { placeOf } from './place.ts';

export class NoDriver extends Error {}
export class NoSuchFile extends Error {}
export class HoldsNul extends Error {}
export class NotARead extends Error {}
/** The message is its name; empty where it cannot be told which are called. */
export class FileMacro extends Error {}
export class ResultTooLarge extends Error {}
export class RowTooLarge extends Error {}

/** After these the engine refuses all further work in the process. */
const FATAL = /^(?:FATAL|INTERNAL) Error/;

export function toFailure(error: unknown, statement: string): WorkerFailure {
  if (error instanceof NoDriver) return { kind: 'no driver' };
  if (error instanceof NoSuchFile) return { kind: 'no such file' };
  if (error instanceof UnreadableFile) return { kind: 'unreadable file', message: error.message, hint: error.hint };
  if (error instanceof CannotMask) return { kind: 'cannot mask', column: error.column };
  if (error instanceof ResultTooLarge) return { kind: 'result too large' };
  if (error instanceof RowTooLarge) return { kind: 'row too large' };
  if (error instanceof HoldsNul) return engine('Parser Error', 'The statement holds a NUL character.');
  if (error instanceof NotARead) return engine('Not a read', 'The statement is none that only reads.');
  if (error instanceof FileMacro) {
    const which = error.message === '' ? 'The statement may call functions' : `${error.message} is a function`;
    return engine('File macro', `${which} that this file has made itself.`);
  }
  const text = error instanceof Error ? error.message : String(error);
  const [, code = '', message = text] = /^([A-Z][A-Za-z ]{1,40}) Error: ([\s\S]*)$/.exec(text) ?? [];
  const where = placeOf(message, statement);
  const failure = engine(`${code} Error`.trimStart(), message);
  return { ...failure, ...(where === undefined ? {} : { where }), ...(FATAL.test(text) ? { isFatal: true } : {}) };
}

const engine = (code: string, message: string) => ({ kind: 'engine', code, message: message.trim() }) as const;
