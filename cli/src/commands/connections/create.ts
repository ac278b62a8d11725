import { string as textArgument } from '@oclif/core/args';
import { option } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import { AGENT_TARGETS, KINDS } from '../../flags/agent-target.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class ConnectionsCreate extends CustardCommand {
  static override summary = 'Make a connection; prints the command that starts its agent, ready to paste.';
  static override description =
    `The database's address and password are never asked for: they stay where the agent runs.
The agent's key is part of the printed command and is shown this once.`;
  static override examples = [
    '<%= config.bin %> connections create shop --kind postgres',
    '<%= config.bin %> connections create shop --kind postgres --target compose > compose.yaml',
  ];
  static override args = {
    name: textArgument({
      description: 'Letters, digits, ".", "_" and "-"; at most 63.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    ...serverFlags,
    kind: option({ options: KINDS })({ description: 'What kind of database it is.', required: true }),
    target: option({ options: AGENT_TARGETS })({ description: 'How the agent will be run.', default: 'shell' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(ConnectionsCreate);
    const { createConnection } = await import('../../services/connections.ts');
    await createConnection({ context, flags, name: args.name, kind: flags.kind, target: flags.target });
  }
}
