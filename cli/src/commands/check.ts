import { string as textArgument } from '@oclif/core/args';
import { option, string } from '@oclif/core/flags';
import { CustardCommand } from '../command.ts';
import { CHECKED_DIALECTS } from '../flags/dialects.ts';
import type { RunContext } from '../run-context.ts';

export default class Check extends CustardCommand {
  static override summary = 'Say whether a statement would be allowed, and why not: the guard alone, with no database.';
  static override description =
    `The same verdict as before a statement is run, with what it reads. Nothing is connected to and nothing is run; what only the schema can tell (a view that writes) is not looked at.

--policy FILE judges by the policy of an agent too. With no database at hand a name without its schema counts as one of the usual schema (public for PostgreSQL) and a star as every column, so that the agent may allow what is denied here.

--batch FILE (or -) checks a file of {"id","sql"} lines and prints one {"id","verdict","code","reason","tables","columns","functions"} line for each, in the same order, while it reads. There a denial is data: the status is 0 when every line was checked. A line that is no such object prints nothing but "line N: …" on standard error, with --json too; the others are checked all the same and the status is 2.

Exit status: 0 allowed, or a batch that was checked; 5 not read-only or not allowed, 1 not valid SQL, 2 too large, usage, or a batch with lines that could not be read; 70 a bug, 130 Ctrl-C.`;
  static override examples = [
    '<%= config.bin %> check --dialect postgres "SELECT count(*) FROM orders"',
    '<%= config.bin %> check --db sqlite:shop.db -f report.sql --json',
    '<%= config.bin %> check --dialect postgres --batch statements.jsonl > verdicts.jsonl',
  ];
  static override args = {
    statement: textArgument({ description: 'The statement, or - to read it from standard input.', ignoreStdin: true }),
  };
  static override flags = {
    dialect: option({ options: CHECKED_DIALECTS })({
      description: 'What the statement is written for.',
      exclusive: ['db'],
    }),
    db: string({ description: 'Take the dialect from this URL; nothing is connected to.', helpValue: 'URL' }),
    policy: string({
      description: "Judge by an agent's policy file as well (docs/policy.md).",
      helpValue: 'FILE',
    }),
    'statement-file': string({ char: 'f', description: 'Read the statement from a file.', helpValue: 'FILE' }),
    batch: string({
      description: 'Check the lines of a file, or of - .',
      helpValue: 'FILE',
      exclusive: ['statement-file'],
    }),
  };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(Check);
    const { check } = await import('../services/check.ts');
    await check({ context, flags, statement: args.statement });
  }
}
