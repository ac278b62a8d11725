import { CustardCommand } from '../../command.ts';
import { listFlags, serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class OrgList extends CustardCommand {
  static override summary = 'List the organizations you are in.';
  static override examples = ['<%= config.bin %> org list', '<%= config.bin %> org list --json'];
  static override flags = { ...serverFlags, ...listFlags };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(OrgList);
    const { listOrganizations } = await import('../../services/organizations.ts');
    await listOrganizations({ context, flags });
  }
}
