import { string as textArgument } from '@oclif/core/args';
import { integer } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import { schemaFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class SchemaSearch extends CustardCommand {
  static override summary = 'Find tables and columns by what is in their names and comments.';
  static override examples = [
    '<%= config.bin %> schema search "customer email" -c shop',
    '<%= config.bin %> schema search price --db sqlite:shop.db --json',
  ];
  static override args = {
    text: textArgument({ description: 'Words; each has to be found.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    ...schemaFlags,
    limit: integer({ description: 'Show at most so many.', default: 50, min: 1 }),
  };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(SchemaSearch);
    const { searchSchema } = await import('../../services/schema.ts');
    await searchSchema({ context, flags, text: args.text, limit: flags.limit });
  }
}
