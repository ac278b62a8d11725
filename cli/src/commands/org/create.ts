import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class OrgCreate extends CustardCommand {
  static override summary = 'Make an organization; you are its owner.';
  static override examples = ['<%= config.bin %> org create "Compilers Ltd"'];
  static override args = {
    name: textArgument({ description: 'At most 100 characters.', required: true, ignoreStdin: true }),
  };
  static override flags = { ...serverFlags };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(OrgCreate);
    const { createOrganization } = await import('../../services/organizations.ts');
    await createOrganization({ context, flags, name: args.name });
  }
}
