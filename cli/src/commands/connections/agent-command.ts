import { string as textArgument } from '@oclif/core/args';
import { option } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import { AGENT_TARGETS } from '../../flags/agent-target.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class ConnectionsAgentCommand extends CustardCommand {
  static override summary = "Print the command that starts a connection's agent.";
  static override description =
    "The agent's key was shown when the connection was made; here a placeholder stands for it.";
  static override examples = ['<%= config.bin %> connections agent-command shop --target k8s'];
  static override args = { name: textArgument({ description: 'Name or id.', required: true, ignoreStdin: true }) };
  static override flags = {
    ...serverFlags,
    target: option({ options: AGENT_TARGETS })({ description: 'How the agent will be run.', default: 'shell' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(ConnectionsAgentCommand);
    const { printAgentCommand } = await import('../../services/connections.ts');
    await printAgentCommand({ context, flags, name: args.name, target: flags.target });
  }
}
