import { string as textArgument } from '@oclif/core/args';
import { option } from '@oclif/core/flags';
import { ROLES } from '#core/protocol/accounts.ts';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class MembersInvite extends CustardCommand {
  static override summary = 'Invite somebody into the organization by mail.';
  static override description = 'The link in the mail is good for seven days. Nobody can give a role above their own.';
  static override examples = [
    '<%= config.bin %> members invite ada@example.com',
    '<%= config.bin %> members invite ada@example.com --role admin',
  ];
  static override args = {
    email: textArgument({ description: 'Where the mail goes.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    ...serverFlags,
    role: option({ options: ROLES })({ description: 'What they may do.', default: 'member' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(MembersInvite);
    const { inviteMember } = await import('../../services/members.ts');
    await inviteMember({ context, flags, who: args.email, role: flags.role });
  }
}
