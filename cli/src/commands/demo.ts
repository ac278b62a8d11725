import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../command.ts';
import { askFlags } from '../flags/query-flags.ts';
import type { RunContext } from '../run-context.ts';

export default class Demo extends CustardCommand {
  static override summary = 'Ask a made-up shop: nothing to set up, no account, no key.';
  static override description =
    `Makes an SQLite database of three years of orders up to today, and asks it through the same way as any other database.
Without a question, shows some to try.`;
  static override examples = [
    '<%= config.bin %> demo',
    '<%= config.bin %> demo "how many orders were placed last month?"',
    '<%= config.bin %> demo "top 5 customers by revenue" --json',
  ];
  static override args = {
    question: textArgument({
      description: 'The question, or - to read it from standard input.',
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override flags = withoutTarget();

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(Demo);
    const { demo } = await import('../services/demo.ts');
    await demo({ context, flags, question: args.question ?? [] });
  }
}

/** The demo brings its own database. */
function withoutTarget() {
  const { connection: _connection, db: _db, 'api-url': _url, ...flags } = askFlags;
  return flags;
}
