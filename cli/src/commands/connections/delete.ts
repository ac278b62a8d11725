import { string as textArgument } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class ConnectionsDelete extends CustardCommand {
  static override summary = "Delete a connection; its agent's key stops working at once.";
  static override examples = ['<%= config.bin %> connections delete shop --yes'];
  static override args = { name: textArgument({ description: 'Name or id.', required: true, ignoreStdin: true }) };
  static override flags = { ...serverFlags, yes: boolean({ char: 'y', description: 'Do not ask.' }) };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(ConnectionsDelete);
    const { deleteConnection } = await import('../../services/connections.ts');
    await deleteConnection({ context, flags, name: args.name, yes: flags.yes });
  }
}
