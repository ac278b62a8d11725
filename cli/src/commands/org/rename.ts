import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class OrgRename extends CustardCommand {
  static override summary = 'Give the organization in use another name.';
  static override examples = ['<%= config.bin %> org rename "Compilers & Linkers"'];
  static override args = { name: textArgument({ description: 'The new name.', required: true, ignoreStdin: true }) };
  static override flags = { ...serverFlags };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(OrgRename);
    const { renameOrganization } = await import('../../services/organizations.ts');
    await renameOrganization({ context, flags, name: args.name });
  }
}
