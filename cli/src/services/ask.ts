import { CustardError } from '#core/errors.ts';
import { MAX_QUESTION_CHARACTERS } from '#core/protocol/limits.ts';
import type { RunContext } from '../run-context.ts';
import { keepTyped } from './keep-typed.ts';
import { type QueryFlags, queryCommand } from './query-command.ts';
import { readStandardInput, refuseTwice } from './read-input.ts';

export interface AskFlags extends QueryFlags {
  readonly 'sql-only': boolean;
  readonly 'dry-run': boolean;
  readonly 'follow-up'?: string | undefined;
  readonly explain: boolean;
}

interface AskOptions {
  readonly context: RunContext;
  readonly flags: AskFlags;
  /** The words of the question, or a single "-". */
  readonly question: readonly string[];
}

export async function ask({ context, flags, question: words }: AskOptions): Promise<void> {
  const isPiped = words.length === 1 && words[0] === '-';
  if (isPiped) refuseTwice(flags.file);
  const question = (isPiped ? await readStandardInput(context, 'question') : words.join(' ')).trim();
  if (question === '') {
    throw new CustardError('USAGE', 'There is no question.', {
      hint: 'Example: custard ask "how many orders were placed last month?"',
    });
  }
  if (question.length > MAX_QUESTION_CHARACTERS) {
    throw new CustardError('USAGE', `The question is longer than ${MAX_QUESTION_CHARACTERS} characters.`, {
      hint: 'Make it shorter, or ask in steps.',
    });
  }
  const followUp = flags['follow-up'];
  const mode = flags['sql-only'] ? 'sql only' : flags['dry-run'] ? 'plan' : 'run';
  // Nothing but the statement is what --sql-only promises
  const asked = ['custard', 'ask', ...(flags.connection === undefined ? [] : ['-c', flags.connection]), question];
  await keepTyped(asked, () =>
    queryCommand({
      context,
      flags: flags['sql-only'] ? { ...flags, quiet: true } : flags,
      query: { question, ...(followUp === undefined ? {} : { follow_up: followUp }) },
      mode,
      explain: flags.explain,
    }),
  );
}
