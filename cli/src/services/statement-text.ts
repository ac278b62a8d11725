import { CustardError } from '#core/errors.ts';
import type { RunContext } from '../run-context.ts';
import { readStandardInput, readTextFile } from './read-input.ts';

interface StatementOptions {
  readonly context: RunContext;
  readonly statement: string | undefined;
  readonly file: string | undefined;
  /** How the command is used, for whoever gave no statement. */
  readonly example: string;
}

/** The statement from the command line, a file, or standard input (`-`). USAGE when there is none, or two. */
export async function statementText({ context, statement, file, example }: StatementOptions): Promise<string> {
  if (statement !== undefined && file !== undefined) {
    throw new CustardError('USAGE', 'There is a statement and a file with one.', { hint: 'Give one of them.' });
  }
  if (file !== undefined && file !== '-') return readTextFile(file, 'statement');
  if (statement === '-' || file === '-') return readStandardInput(context, 'statement');
  if (statement === undefined) throw noStatement(example);
  return statement;
}

export function noStatement(example: string): CustardError {
  return new CustardError('USAGE', 'There is no statement.', {
    hint: `Example: ${example}, or -f FILE, or - for standard input.`,
  });
}
