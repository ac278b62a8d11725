import { string as textArgument } from '@oclif/core/args';
import { boolean, option } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class ConnectionsStatus extends CustardCommand {
  static override summary = 'Say how connections are: their agents, and whether those reach their databases.';
  static override description =
    'Sentences on a terminal, one JSON object per line elsewhere. With --watch, a line for each change until Ctrl-C; a server that goes away is waited for.';
  static override examples = [
    '<%= config.bin %> connections status',
    '<%= config.bin %> connections status shop --watch',
    '<%= config.bin %> connections status --watch -o ndjson | jq -r .connection.status',
  ];
  static override args = { name: textArgument({ description: 'Name or id; all without it.', ignoreStdin: true }) };
  static override flags = {
    ...serverFlags,
    watch: boolean({ char: 'w', description: 'Go on and tell each change.' }),
    format: option({ options: ['text', 'ndjson'] as const })({
      char: 'o',
      description: 'Sentences, or JSON lines; by itself, whichever suits standard output.',
    }),
  };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(ConnectionsStatus);
    const { showStatus } = await import('../../services/connection-status.ts');
    const { format, watch, ...rest } = flags;
    await showStatus({ context, flags: { ...rest, output: format }, name: args.name, watch });
  }
}
