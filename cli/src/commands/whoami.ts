import { CustardCommand } from '../command.ts';
import { listFlags, serverFlags } from '../flags/list-flags.ts';
import type { RunContext } from '../run-context.ts';

export default class Whoami extends CustardCommand {
  static override summary = 'Say who you are to the server, in which organization, and what you may do.';
  static override description = 'Also where the session or token is kept, and how long it is good without being used.';
  static override examples = [
    '<%= config.bin %> whoami',
    '<%= config.bin %> whoami --json | jq -r .data.organization.name',
  ];
  static override flags = { ...serverFlags, ...listFlags };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(Whoami);
    const { whoami } = await import('../services/accounts/whoami.ts');
    await whoami({ context, flags });
  }
}
