import { boolean, string } from '@oclif/core/flags';
import { CustardCommand } from '../command.ts';
import { serverFlags } from '../flags/list-flags.ts';
import type { RunContext } from '../run-context.ts';

export default class Login extends CustardCommand {
  static override summary = 'Log in to a Custard server: in the browser, with a password, or with a token.';
  static override description =
    `Without flags a page is opened in the browser, and the code shown here lets this machine in.
What is got is kept in the keyring of this system; where there is none, or with CUSTARD_KEYRING=off, in a file only you may open. CUSTARD_TOKEN stands above it. The server's address is remembered in the configuration file.`;
  static override examples = [
    '<%= config.bin %> login --api-url https://custard.example.com',
    '<%= config.bin %> login --email ada@example.com',
    '<%= config.bin %> login --email ada@example.com --password-stdin < password.txt',
    '<%= config.bin %> login --with-token < token.txt',
    '<%= config.bin %> login --forgot-password --email ada@example.com',
  ];
  static override flags = {
    ...serverFlags,
    device: boolean({
      description: 'Show the code off a terminal too, for a browser on another machine.',
      exclusive: ['email', 'with-token', 'forgot-password'],
    }),
    browser: boolean({ description: 'Open the page by itself.', allowNo: true, default: true }),
    email: string({ description: 'Log in with a password; it is asked for.', helpValue: 'E-MAIL' }),
    'password-stdin': boolean({
      description: 'Read the password from standard input.',
      dependsOn: ['email'],
      exclusive: ['forgot-password'],
    }),
    'with-token': boolean({
      description: 'Read a token (custard token create) from standard input.',
      exclusive: ['email', 'forgot-password'],
    }),
    'forgot-password': boolean({ description: 'Have a link for a new password mailed to --email.' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(Login);
    const { login } = await import('../services/accounts/login.ts');
    await login({ context, flags });
  }
}
