import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class MembersRevokeInvitation extends CustardCommand {
  static override summary = 'Make the link of an invitation void.';
  static override examples = ['<%= config.bin %> members revoke-invitation ada@example.com'];
  static override args = {
    who: textArgument({ description: 'E-mail address or id.', required: true, ignoreStdin: true }),
  };
  static override flags = { ...serverFlags };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(MembersRevokeInvitation);
    const { withdrawInvitation } = await import('../../services/members.ts');
    await withdrawInvitation({ context, flags, who: args.who });
  }
}
