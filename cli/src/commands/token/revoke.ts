import { string as textArgument } from '@oclif/core/args';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class TokenRevoke extends CustardCommand {
  static override summary = 'Revoke a token: what uses it is refused from now on.';
  static override examples = ['<%= config.bin %> token revoke nightly', '<%= config.bin %> token revoke tok_5f2c'];
  static override args = {
    which: textArgument({ description: 'Id, or a name that only one has.', required: true, ignoreStdin: true }),
  };
  static override flags = { ...serverFlags };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(TokenRevoke);
    const { revokeToken } = await import('../../services/tokens.ts');
    await revokeToken({ context, flags, which: args.which });
  }
}
