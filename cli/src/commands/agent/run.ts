import { boolean, option, string } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import type { RunContext } from '../../run-context.ts';

/** Flags that are about the environment's one connection. */
const ONE_CONNECTION = [
  ...['url', 'agent-id', 'connection-id', 'policy'],
  ...['db-host', 'db-port', 'db-user', 'db-name', 'db-sslmode'],
];

export default class AgentRun extends CustardCommand {
  static override summary = 'Run the agent: it dials out to the control plane and queries the database here.';
  static override description =
    `Serves one connection by the names of the environment: BACKEND_WEBSOCKET_URI, AGENT_ID, CONNECTION_ID, CUSTARD_API_KEY (or CUSTARD_API_KEY_FILE), DB_URL or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_SSLMODE, DB_SSLROOTCERT; or several by a file (--config). docs/agent.md has every name, the file, and the limits. CUSTARD_CONNECTOR names a package or file with a connector of your own (docs/connectors.md).
Flags stand above the environment; the key and the password have no flags, as others can see those. No port is opened. An agent whose database is not there yet waits for it; one whose database refuses it does not start. SIGTERM lets running statements finish first, a second one ends it at once.

--check says what the agent would do and with what, then ends: the role's grade (good, acceptable, bad) and, unless it is good, the SQL for a role that can only read; how the way to the database is protected, what the schema holds, the limits and the policy in force. Exit status: 0 good or acceptable; 8 bad, or worse than what is required; else that of the error.`;
  static override examples = [
    '<%= config.bin %> connections create shop --kind postgres   # prints the whole command',
    '<%= config.bin %> agent run --check',
    '<%= config.bin %> agent run --check --json | jq -r .data.least_privilege',
    '<%= config.bin %> agent run --config agents.yaml --log-format json',
  ];
  static override flags = {
    url: string({ description: "The control plane's WebSocket: wss://…", helpValue: 'URL' }),
    'agent-id': string({ description: 'AGENT_ID.', helpValue: 'ID' }),
    'connection-id': string({ description: 'CONNECTION_ID.', helpValue: 'ID' }),
    'db-host': string({ description: 'DB_HOST.', helpValue: 'HOST' }),
    'db-port': string({ description: 'DB_PORT.', helpValue: 'PORT' }),
    'db-user': string({ description: 'DB_USER.', helpValue: 'USER' }),
    'db-name': string({ description: 'DB_NAME.', helpValue: 'NAME' }),
    'db-sslmode': string({
      description: 'DB_SSLMODE: disable, prefer, require, verify-ca, verify-full.',
      helpValue: 'MODE',
    }),
    policy: string({ description: 'POLICY_FILE.', helpValue: 'FILE' }),
    config: string({
      description:
        'A file with several connections (docs/agent.md), instead of the one in the environment. AGENTS_FILE.',
      helpValue: 'FILE',
      exclusive: ONE_CONNECTION,
    }),
    'log-format': option({ options: ['text', 'json'] as const })({
      description: 'LOG_FORMAT: lines of text on standard error, or JSON on standard output (as --json).',
    }),
    check: boolean({ description: 'Check the settings, the database and what its role may do, then end.' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(AgentRun);
    const isAboutOne = Object.keys(flags).some((name) => ONE_CONNECTION.includes(name));
    const { runAgent } = await import('../../local/run-agent.ts');
    await runAgent({
      context,
      flags,
      file: flags.config ?? (isAboutOne ? undefined : context.env['AGENTS_FILE'] || undefined),
      checkOnly: flags.check,
      version: this.config.version,
      overrides: {
        BACKEND_WEBSOCKET_URI: flags.url,
        AGENT_ID: flags['agent-id'],
        CONNECTION_ID: flags['connection-id'],
        POLICY_FILE: flags.policy,
        DB_HOST: flags['db-host'],
        DB_PORT: flags['db-port'],
        DB_USER: flags['db-user'],
        DB_NAME: flags['db-name'],
        DB_SSLMODE: flags['db-sslmode'],
      },
    });
  }
}
