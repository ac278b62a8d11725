import { type AgentPlan, STOP_SECONDS } from './agent-plan.ts';
import { hasDatabaseFile, secretFiles, variables } from './settings.ts';

export function systemdUnit({ name, settings }: AgentPlan): string {
  return [
    `# /etc/custard/${name}.env, readable by root only (chmod 600)`,
    ...variables(settings).map(([key, value]) => `${key}=${inQuotes(value)}`),
    '',
    `# /etc/systemd/system/${name}.service, then: systemctl enable --now ${name}`,
    '[Unit]',
    'Description=Custard agent',
    'After=network-online.target',
    'Wants=network-online.target',
    '',
    '[Service]',
    'Type=exec',
    `EnvironmentFile=/etc/custard/${name}.env`,
    'Environment=NODE_ENV=production',
    '# The command as it is installed for all users: npm install --global, Node.js 24 or newer',
    'ExecStart=/usr/bin/env custard agent run',
    'Restart=always',
    'RestartSec=5',
    `TimeoutStopSec=${STOP_SECONDS}`,
    '# The agent ends its own helpers, once running queries have finished',
    'KillMode=mixed',
    ...fileAccess(settings),
    'DynamicUser=yes',
    ...HARDENING,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

function fileAccess(settings: AgentPlan['settings']): string[] {
  const files = hasDatabaseFile(settings) || secretFiles(settings).some(({ kind }) => kind === 'secret file');
  if (!files) return [];
  return [
    '# systemd makes a user; where the file is for a group to read, let it be of that group:',
    '#SupplementaryGroups=<group>',
  ];
}

/** No MemoryDenyWriteExecute: Node.js compiles as it runs. */
const HARDENING = [
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
  'RestrictNamespaces=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
  'UMask=0077',
  'MemoryMax=1G',
  'TasksMax=128',
] as const;

/** As systemd.exec(5) reads an EnvironmentFile: in double quotes a backslash escapes these, and nothing else. */
const inQuotes = (value: string): string => `"${value.replaceAll(/["\\`$]/g, '\\$&')}"`;
