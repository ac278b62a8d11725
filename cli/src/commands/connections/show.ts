import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../../command.ts';
import { listFlags, serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class ConnectionsShow extends CustardCommand {
  static override summary = 'Show one connection: its state, its agent, its schema.';
  static override examples = ['<%= config.bin %> connections show shop'];
  static override args = { name: textArgument({ description: 'Name or id.', required: true, ignoreStdin: true }) };
  static override flags = { ...serverFlags, ...listFlags };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(ConnectionsShow);
    const { showConnection } = await import('../../services/connections.ts');
    await showConnection({ context, flags, name: args.name });
  }
}
