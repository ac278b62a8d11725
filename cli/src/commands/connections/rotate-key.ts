import { string as textArgument } from '@oclif/core/args';
import { option, string } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import { AGENT_TARGETS } from '../../flags/agent-target.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class ConnectionsRotateKey extends CustardCommand {
  static override summary = "Make a new key for a connection's agents; it is printed this once.";
  static override description =
    'The key before it stays good for a while, so that agents go over to the new one without a break. Older ones end at once.';
  static override examples = [
    '<%= config.bin %> connections rotate-key shop > agent.key',
    '<%= config.bin %> connections rotate-key shop --grace 1h --target compose > compose.yaml',
    '<%= config.bin %> connections rotate-key shop --grace 0',
  ];
  static override args = { name: textArgument({ description: 'Name or id.', required: true, ignoreStdin: true }) };
  static override flags = {
    ...serverFlags,
    grace: string({
      description: 'How long the old key stays good: 30m, 24h, 7d at most; 0 ends it at once.',
      helpValue: '24h',
      default: '24h',
    }),
    target: option({ options: AGENT_TARGETS })({
      description: 'Print what runs the agent with the new key, instead of the key alone.',
    }),
  };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(ConnectionsRotateKey);
    const { rotateKey } = await import('../../services/rotate-key.ts');
    await rotateKey({ context, flags, name: args.name, grace: flags.grace, target: flags.target });
  }
}
