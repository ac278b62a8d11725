import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../../command.ts';
import { listFlags, serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class OrgShow extends CustardCommand {
  static override summary = 'Show the organization in use, or another one of yours.';
  static override examples = ['<%= config.bin %> org show', '<%= config.bin %> org show Compilers'];
  static override args = {
    name: textArgument({ description: 'Name or id; the one in use without it.', ignoreStdin: true }),
  };
  static override flags = { ...serverFlags, ...listFlags };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(OrgShow);
    const { showOrganization } = await import('../../services/organizations.ts');
    await showOrganization({ context, flags, name: args.name });
  }
}
