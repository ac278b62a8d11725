import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class ConnectionsRefreshSchema extends CustardCommand {
  static override summary = "Read the database's tables and columns anew, after they were changed.";
  static override examples = ['<%= config.bin %> connections refresh-schema shop'];
  static override args = { name: textArgument({ description: 'Name or id.', required: true, ignoreStdin: true }) };
  static override flags = { ...serverFlags };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(ConnectionsRefreshSchema);
    const { refreshSchema } = await import('../../services/connections.ts');
    await refreshSchema({ context, flags, name: args.name });
  }
}
