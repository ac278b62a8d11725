import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../command.ts';
import { askFlags } from '../flags/query-flags.ts';
import type { RunContext } from '../run-context.ts';

export default class Ask extends CustardCommand {
  static override summary = 'Ask a question; get the answer, its rows and the SQL behind it.';
  static override description =
    `The question becomes one read-only SQL statement, which is checked twice and run where the data is.
On a terminal the statement is shown; --sql-only prints nothing else. What cannot be answered for certain ends with exit status 9 or 7, never with a guess.

Exit status: 0 answered (zero rows included), 1 the query failed, 2 usage or configuration, 3 unreachable (try again), 4 login needed, 5 forbidden or not read-only, 6 not found, 7 a clarification is needed, 8 empty with --fail-on-empty, 9 no certain answer, 70 a bug, 124 timeout, 130 Ctrl-C.`;
  static override examples = [
    '<%= config.bin %> ask --db postgres://reader@localhost/shop "top 5 customers by revenue"',
    '<%= config.bin %> ask --file sales.csv "average revenue per month"',
    '<%= config.bin %> ask -c shop "how many orders were placed last month?" --json',
    '<%= config.bin %> ask -c shop "orders per month in 2025" -o csv --out orders.csv',
    'echo "average order value by region" | <%= config.bin %> ask - --sql-only',
  ];
  static override args = {
    question: textArgument({
      description: 'The question, or - to read it from standard input.',
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override flags = askFlags;

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(Ask);
    const { ask } = await import('../services/ask.ts');
    await ask({ context, flags, question: args.question ?? [] });
  }
}
