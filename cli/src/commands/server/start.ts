import { boolean, string } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import type { RunContext } from '../../run-context.ts';

export default class ServerStart extends CustardCommand {
  static override summary = 'Run the control plane: the HTTP interface, and where agents dial in.';
  static override description =
    `Reads its settings from the environment: HOST, PORT, DATABASE_URL (sqlite:FILE or postgres://…), OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL, LOG_LEVEL.
Prints its address; the first start also shows a token, this once, or writes it to FIRST_TOKEN_FILE. SIGTERM lets running queries finish first, and ends with status 0.`;
  static override examples = [
    '<%= config.bin %> server start',
    '<%= config.bin %> server start --host 0.0.0.0 --port 8000',
    '<%= config.bin %> server start --check-config',
  ];
  static override flags = {
    host: string({ description: 'Address to listen on. Default 127.0.0.1.', helpValue: 'ADDRESS' }),
    port: string({ description: 'Port to listen on, 0 for any free one. Default 8000.', helpValue: 'PORT' }),
    'check-config': boolean({ description: 'Check the settings, then end.' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(ServerStart);
    const { runServer } = await import('../../local/run-server.ts');
    const overrides = { HOST: flags.host, PORT: flags.port };
    await runServer({ context, flags, overrides, checkOnly: flags['check-config'] });
  }
}
