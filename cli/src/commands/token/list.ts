import { CustardCommand } from '../../command.ts';
import { listFlags, serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class TokenList extends CustardCommand {
  static override summary = 'List your tokens, or as an admin all of the organization.';
  static override examples = ['<%= config.bin %> token list', '<%= config.bin %> token list -o csv'];
  static override flags = { ...serverFlags, ...listFlags };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(TokenList);
    const { listTokens } = await import('../../services/tokens.ts');
    await listTokens({ context, flags });
  }
}
