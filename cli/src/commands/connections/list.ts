import { CustardCommand } from '../../command.ts';
import { listFlags, serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class ConnectionsList extends CustardCommand {
  static override summary = 'List the connections, and whether their agents are there.';
  static override examples = ['<%= config.bin %> connections list', '<%= config.bin %> connections list --json'];
  static override flags = { ...serverFlags, ...listFlags };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(ConnectionsList);
    const { listConnections } = await import('../../services/connections.ts');
    await listConnections({ context, flags });
  }
}
