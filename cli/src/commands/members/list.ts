import { boolean } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import { listFlags, serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class MembersList extends CustardCommand {
  static override summary = 'List who is in the organization, or who is invited.';
  static override examples = ['<%= config.bin %> members list', '<%= config.bin %> members list --invitations'];
  static override flags = {
    ...serverFlags,
    ...listFlags,
    invitations: boolean({ description: 'Invitations that nobody has followed yet.' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(MembersList);
    const { listInvitations, listMembers } = await import('../../services/members.ts');
    await (flags.invitations ? listInvitations : listMembers)({ context, flags });
  }
}
