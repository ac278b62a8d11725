import { CustardError } from '#core/errors.ts';
import type { RunContext } from '../run-context.ts';
import { type QueryFlags, queryCommand } from './query-command.ts';
import { readStandardInput, readTextFile } from './read-input.ts';

interface SqlFlags extends QueryFlags {
  readonly file?: string | undefined;
  readonly 'dry-run': boolean;
}

interface SqlOptions {
  readonly context: RunContext;
  readonly flags: SqlFlags;
  readonly statement: string | undefined;
}

export async function sql({ context, flags, statement }: SqlOptions): Promise<void> {
  const text = await statementText(context, statement, flags.file);
  if (text.trim() === '') throw noStatement();
  await queryCommand({ context, flags, query: { sql: text }, dryRun: flags['dry-run'] });
}

async function statementText(
  context: RunContext,
  statement: string | undefined,
  file: string | undefined,
): Promise<string> {
  if (statement !== undefined && file !== undefined) {
    throw new CustardError('USAGE', 'There is a statement and a file with one.', { hint: 'Give one of them.' });
  }
  if (file !== undefined && file !== '-') return readTextFile(file, 'statement');
  if (statement === '-' || file === '-') return readStandardInput(context, 'statement');
  if (statement === undefined) throw noStatement();
  return statement;
}

function noStatement(): CustardError {
  return new CustardError('USAGE', 'There is no statement.', {
    hint: 'Example: custard sql "SELECT count(*) FROM orders", or -f FILE, or - for standard input.',
  });
}
