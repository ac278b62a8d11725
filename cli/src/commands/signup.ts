import { boolean, string } from '@oclif/core/flags';
import { CustardCommand } from '../command.ts';
import { serverFlags } from '../flags/list-flags.ts';
import type { RunContext } from '../run-context.ts';

export default class Signup extends CustardCommand {
  static override summary = 'Ask a Custard server for an account; a mail with a link makes it.';
  static override description =
    'E-mail address and password are asked for on a terminal. The account comes with an organization of its own. To join one that is there, have yourself invited instead.';
  static override examples = [
    '<%= config.bin %> signup --api-url https://custard.example.com',
    '<%= config.bin %> signup --email ada@example.com --first-name Ada --password-stdin < password.txt',
    '<%= config.bin %> signup --resend ada@example.com',
  ];
  static override flags = {
    ...serverFlags,
    email: string({ description: 'Where the mail goes.', helpValue: 'E-MAIL' }),
    'password-stdin': boolean({ description: 'Read the password from standard input.' }),
    'first-name': string({ description: 'Shown to members of your organization.', helpValue: 'NAME' }),
    'last-name': string({ description: 'Shown to members of your organization.', helpValue: 'NAME' }),
    organization: string({ description: "The organization's name; else it is named after you.", helpValue: 'NAME' }),
    resend: string({
      description: 'Have the mail of an earlier sign-up sent again.',
      helpValue: 'E-MAIL',
      exclusive: ['email', 'password-stdin', 'first-name', 'last-name', 'organization'],
    }),
  };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(Signup);
    const { signup } = await import('../services/accounts/signup.ts');
    await signup({ context, flags });
  }
}
