import { string as textArgument } from '@oclif/core/args';
import { ROLES, Role } from '#core/protocol/accounts.ts';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class MembersSetRole extends CustardCommand {
  static override summary = "Change a member's role.";
  static override examples = ['<%= config.bin %> members set-role ada@example.com admin'];
  static override args = {
    who: textArgument({ description: 'E-mail address or id.', required: true, ignoreStdin: true }),
    role: textArgument({ description: 'The new role.', options: [...ROLES], required: true, ignoreStdin: true }),
  };
  static override flags = { ...serverFlags };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(MembersSetRole);
    const { setRole } = await import('../../services/members.ts');
    await setRole({ context, flags, who: args.who, role: Role.parse(args.role) });
  }
}
