import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class OrgUse extends CustardCommand {
  static override summary = 'Act in another of your organizations, from now on.';
  static override description = 'It holds for this session and for later log-ins. Other sessions stay where they are.';
  static override examples = ['<%= config.bin %> org use Compilers', '<%= config.bin %> org use org_5f2c'];
  static override args = { name: textArgument({ description: 'Name or id.', required: true, ignoreStdin: true }) };
  static override flags = { ...serverFlags };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(OrgUse);
    const { useOrganization } = await import('../../services/organizations.ts');
    await useOrganization({ context, flags, name: args.name });
  }
}
