import type { RunContext } from '../run-context.ts';
import { type QueryFlags, queryCommand } from './query-command.ts';
import { refuseTwice } from './read-input.ts';
import { noStatement, statementText } from './statement-text.ts';

interface SqlFlags extends QueryFlags {
  readonly 'statement-file'?: string | undefined;
  readonly 'dry-run': boolean;
}

interface SqlOptions {
  readonly context: RunContext;
  readonly flags: SqlFlags;
  readonly statement: string | undefined;
}

const EXAMPLE = 'custard sql "SELECT count(*) FROM orders"';

export async function sql({ context, flags, statement }: SqlOptions): Promise<void> {
  if ([statement, flags['statement-file']].includes('-')) refuseTwice(flags.file);
  const text = await statementText({ context, statement, file: flags['statement-file'], example: EXAMPLE });
  if (text.trim() === '') throw noStatement(EXAMPLE);
  await queryCommand({ context, flags, query: { sql: text }, mode: flags['dry-run'] ? 'plan' : 'run' });
}
