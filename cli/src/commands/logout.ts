import { boolean } from '@oclif/core/flags';
import { CustardCommand } from '../command.ts';
import { serverFlags } from '../flags/list-flags.ts';
import type { RunContext } from '../run-context.ts';

export default class Logout extends CustardCommand {
  static override summary = 'Log out: end the session at the server and forget it here.';
  static override description =
    'A token that was given with --with-token is forgotten and stays good; revoke it with `custard token revoke`.';
  static override examples = ['<%= config.bin %> logout', '<%= config.bin %> logout --all'];
  static override flags = {
    ...serverFlags,
    all: boolean({ description: 'Every session of the account, on other machines and in browsers too.' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(Logout);
    const { logout } = await import('../services/accounts/logout.ts');
    await logout({ context, flags });
  }
}
