import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { CustardError } from '#core/errors.ts';
import { MAX_STATEMENT_BYTES } from '#core/protocol/limits.ts';
import type { RunContext } from '../run-context.ts';
import { type InputLine, LineSplitter } from './line-splitter.ts';

/** All of standard input, for `-`. */
export async function readStandardInput({ stdin, interruption }: RunContext, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stop = () => stdin.destroy();
  interruption.signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stdin) {
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > MAX_STATEMENT_BYTES) throw tooLarge(what);
      chunks.push(piece);
    }
  } catch (error) {
    interruption.signal.throwIfAborted();
    throw error;
  }
  interruption.signal.throwIfAborted();
  return decode(Buffer.concat(chunks), `Standard input`);
}

/** Standard input cannot be the question or the statement and the data as well. */
export function refuseTwice(files: readonly string[] | undefined): void {
  if (files?.includes('-') !== true) return;
  throw new CustardError('USAGE', 'Standard input is named twice.', {
    hint: 'Give the question or the statement as an argument, or the data as a file.',
  });
}

export async function readTextFile(path: string, what: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
  if (bytes.length > MAX_STATEMENT_BYTES) throw tooLarge(what);
  return decode(bytes, path);
}

/** The lines of a file, or of standard input for `-`: all that came with one piece of it at a time. */
export async function* readLines(path: string, { stdin, interruption }: RunContext): AsyncGenerator<InputLine[]> {
  const { signal } = interruption;
  const stream = path === '-' ? stdin : createReadStream(path);
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const splitter = new LineSplitter();
  try {
    for await (const chunk of stream) yield splitter.push(Buffer.from(chunk));
  } catch (cause) {
    signal.throwIfAborted();
    throw unreadable(path === '-' ? 'standard input' : path, 'lines', cause);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  yield splitter.end();
}

function unreadable(path: string, what: string, cause: unknown): CustardError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return new CustardError('USAGE', missing ? `There is no file ${path}.` : `Cannot read ${path}.`, {
    hint: `Name a readable file that holds the ${what}.`,
    cause,
  });
}

function decode(bytes: Buffer, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CustardError('USAGE', `${source} is not UTF-8 text.`, { hint: 'Save it as UTF-8.' });
  }
}

function tooLarge(what: string): CustardError {
  return new CustardError('STATEMENT_TOO_LARGE', `The ${what} is longer than ${MAX_STATEMENT_BYTES / 1024} KiB.`, {
    hint: `Make the ${what} shorter.`,
  });
}
