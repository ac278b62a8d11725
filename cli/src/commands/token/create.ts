import { string as textArgument } from '@oclif/core/args';
import { boolean, option, string } from '@oclif/core/flags';
import { PERMISSIONS } from '#core/protocol/accounts.ts';
import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class TokenCreate extends CustardCommand {
  static override summary = 'Make a token for a program; it is printed this once.';
  static override description =
    'The token alone goes to standard output. A program gives it as CUSTARD_TOKEN, or to `custard login --with-token`. It may do what its scopes say, and never more than you.';
  static override examples = [
    '<%= config.bin %> token create laptop',
    '<%= config.bin %> token create nightly --ci --scope query --scope connections:read --expires 365d',
    'CUSTARD_TOKEN=$(<%= config.bin %> token create once --expires 1d) <%= config.bin %> ask "how many orders?"',
  ];
  static override args = {
    name: textArgument({ description: 'To know it by.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    ...serverFlags,
    scope: option({ options: PERMISSIONS, multiple: true, multipleNonGreedy: true })({
      description: 'What it may do; may be given several times.',
      default: ['query', 'connections:read'],
    }),
    expires: string({ description: 'Days it is good for, or never.', helpValue: '90d', default: '90d' }),
    ci: boolean({ description: 'It stays when you leave the organization. For admins.' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(TokenCreate);
    const { createToken } = await import('../../services/tokens.ts');
    const { scope: scopes, expires, ci } = flags;
    await createToken({ context, flags, name: args.name, scopes, expires, ci });
  }
}
