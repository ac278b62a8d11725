import type { DbType } from '#core/dialects.ts';
import type { ConnectionView } from '#core/protocol/api.ts';
import type { AgentTarget } from '../flags/agent-target.ts';

interface AgentCommandOptions {
  readonly connection: Pick<ConnectionView, 'id' | 'name' | 'agent_id' | 'db_type'>;
  /** Null when it is not known any more: then a placeholder stands for it. */
  readonly apiKey: string | null;
  readonly serverUrl: URL;
  readonly target: AgentTarget;
}

/** What starts a connection's agent, ready to paste but for what stands in `<…>`. Ends with a line feed. */
export function agentCommand({ connection, apiKey, serverUrl, target }: AgentCommandOptions): string {
  const settings = [
    ['BACKEND_WEBSOCKET_URI', agentUrl(serverUrl, connection.agent_id)],
    ['CONNECTION_ID', connection.id],
    ['AGENT_ID', connection.agent_id],
    ['CUSTARD_API_KEY', apiKey ?? "<the agent's key>"],
    ...DATABASE_SETTINGS[connection.db_type],
  ] as const;
  return FORMS[target](settings, `custard-agent-${connection.name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-')}`);
}

/** Where an agent dials in: the server's own address, as a WebSocket. */
export function agentUrl(serverUrl: URL, agentId: string): string {
  const url = new URL(serverUrl);
  url.protocol = serverUrl.protocol === 'https:' ? 'wss:' : 'ws:';
  url.pathname = `${serverUrl.pathname.replace(/\/$/, '')}/api/v1/connections/ws/${encodeURIComponent(agentId)}`;
  return url.href;
}

type Setting = readonly [name: string, value: string];

const DATABASE_SETTINGS: Readonly<Record<DbType, readonly Setting[]>> = {
  POSTGRESQL: [
    ['DB_HOST', '<host>'],
    ['DB_PORT', '5432'],
    ['DB_NAME', '<database>'],
    ['DB_USER', '<read-only user>'],
    ['DB_PASSWORD', '<password>'],
    ['DB_SSLMODE', 'prefer'],
  ],
  MONGODB: [
    ['DB_URL', 'mongodb://<host>:27017/<database>'],
    ['DB_USER', '<read-only user>'],
    ['DB_PASSWORD', '<password>'],
  ],
  SQLITE: [['DB_URL', 'sqlite:<path of the file>']],
  DUCKDB: [['DB_URL', 'duckdb:<path of the file>']],
  MYSQL: [
    ['DB_URL', 'mysql://<read-only user>@<host>:3306/<database>'],
    ['DB_PASSWORD', '<password>'],
  ],
  SNOWFLAKE: [
    ['DB_URL', 'snowflake://<read-only user>@<account>/<database>/<schema>?warehouse=<warehouse>&role=<role>'],
    ['SNOWFLAKE_PRIVATE_KEY_FILE', '<path of the key file>'],
  ],
};

const FORMS: Readonly<Record<AgentTarget, (settings: readonly Setting[], name: string) => string>> = {
  shell: (settings) =>
    `${settings.map(([name, value]) => `${name}=${quoted(value)} \\\n`).join('')}custard agent run\n`,
  docker: (settings, name) =>
    [
      `docker run --detach --name ${name} --restart unless-stopped --read-only --cap-drop ALL \\`,
      ...settings.map(([key, value]) => `  --env ${key}=${quoted(value)} \\`),
      '  custard agent run',
      '',
    ].join('\n'),
  compose: (settings, name) =>
    [
      'services:',
      `  ${name}:`,
      '    image: custard',
      '    command: [agent, run]',
      '    restart: unless-stopped',
      '    read_only: true',
      '    cap_drop: [ALL]',
      '    environment:',
      // A "$" would be taken for a variable
      ...settings.map(([key, value]) => `      ${key}: ${JSON.stringify(value.replaceAll('$', '$$$$'))}`),
      '',
    ].join('\n'),
  k8s: kubernetes,
  systemd: (settings, name) =>
    [
      `# /etc/custard/${name}.env, readable by root only (chmod 600)`,
      ...settings.map(([key, value]) => `${key}=${JSON.stringify(value)}`),
      '',
      `# /etc/systemd/system/${name}.service, then: systemctl enable --now ${name}`,
      '[Unit]',
      'Description=Custard agent',
      'After=network-online.target',
      'Wants=network-online.target',
      '',
      '[Service]',
      `EnvironmentFile=/etc/custard/${name}.env`,
      'ExecStart=/usr/bin/env custard agent run',
      'Restart=always',
      'RestartSec=5',
      'DynamicUser=yes',
      'ProtectSystem=strict',
      'ProtectHome=read-only',
      'NoNewPrivileges=yes',
      '',
      '[Install]',
      'WantedBy=multi-user.target',
      '',
    ].join('\n'),
};

function kubernetes(settings: readonly Setting[], name: string): string {
  return [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    `  name: ${name}`,
    'stringData:',
    ...settings.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
    '---',
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    '  replicas: 1',
    '  selector:',
    `    matchLabels: {app: ${name}}`,
    '  template:',
    '    metadata:',
    `      labels: {app: ${name}}`,
    '    spec:',
    '      containers:',
    '        - name: agent',
    '          image: custard',
    '          args: [agent, run]',
    '          envFrom:',
    `            - secretRef: {name: ${name}}`,
    '          securityContext:',
    '            allowPrivilegeEscalation: false',
    '            readOnlyRootFilesystem: true',
    '            capabilities: {drop: [ALL]}',
    '',
  ].join('\n');
}

/** For a POSIX shell. */
const quoted = (text: string): string => (/^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
