import { string as textArgument } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class MembersRemove extends CustardCommand {
  static override summary = 'Remove a member from the organization, or leave it yourself.';
  static override description =
    'Their open sessions go on in another organization of theirs; their personal tokens for this one end.';
  static override examples = [
    '<%= config.bin %> members remove ada@example.com',
    '<%= config.bin %> members remove ada@example.com --yes',
  ];
  static override args = {
    who: textArgument({ description: 'E-mail address or id.', required: true, ignoreStdin: true }),
  };
  static override flags = { ...serverFlags, yes: boolean({ char: 'y', description: 'Do not ask.' }) };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(MembersRemove);
    const { dismiss } = await import('../../services/members.ts');
    await dismiss({ context, flags, who: args.who, yes: flags.yes });
  }
}
