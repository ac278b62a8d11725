import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../../command.ts';
import { schemaFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class SchemaShow extends CustardCommand {
  static override summary = "Show a table's columns, types, keys and comments.";
  static override examples = ['<%= config.bin %> schema show orders -c shop'];
  static override args = {
    table: textArgument({ description: 'Its name, with its schema where needed.', required: true, ignoreStdin: true }),
  };
  static override flags = schemaFlags;

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(SchemaShow);
    const { showTable } = await import('../../services/schema.ts');
    await showTable({ context, flags, table: args.table });
  }
}
