import { boolean, string } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import type { RunContext } from '../../run-context.ts';

export default class AgentRun extends CustardCommand {
  static override summary = 'Run the agent: it dials out to the control plane and queries the database here.';
  static override description =
    `Reads its settings from the environment: BACKEND_WEBSOCKET_URI, AGENT_ID, CONNECTION_ID, CUSTARD_API_KEY, and DB_URL or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_SSLMODE, DB_SSLROOTCERT; limits by MAX_RESULT_ROWS, MAX_RESULT_BYTES, MAX_STATEMENT_MS; REQUIRED_POSTURE=good or acceptable refuses to start with a database role that could do more than that. CUSTARD_CONNECTOR names a package or file with a connector of your own (docs/connectors.md). POLICY_FILE names a policy (docs/policy.md): which tables and columns may be read, which are masked (MASK_KEY keeps hashes the same from start to start), limits, and what a model may see.
Flags stand above the environment; the key and the password have no flags, as others can see those. No port is opened. SIGTERM lets running queries finish first.

--check grades the role by what it could do besides reading (good, acceptable, bad) and, unless it is good, prints the SQL for one that can only read. Exit status: 0 good or acceptable; 8 bad, or worse than what is required. With a policy, it also tells the rules that match nothing.`;
  static override examples = [
    '<%= config.bin %> connections create shop --kind postgres   # prints the whole command',
    '<%= config.bin %> agent run --check',
    '<%= config.bin %> agent run --check --json | jq -r .data.least_privilege',
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
    check: boolean({ description: 'Check the settings, the database and what its role may do, then end.' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(AgentRun);
    const { runAgent } = await import('../../local/run-agent.ts');
    await runAgent({
      context,
      flags,
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
