import { type AgentPlan, buildLine, imageOf, STOP_SECONDS, USER } from './agent-plan.ts';
import { secretFolder } from './secret-folder.ts';
import { containerVariables, DATA_FOLDER, hasDatabaseFile, SECRETS_FOLDER, secretFiles } from './settings.ts';

/** A "$" would be taken for a variable. */
const text = (value: string): string => JSON.stringify(value.replaceAll('$', '$$$$'));

export function composeFile(plan: AgentPlan): string {
  const { name, settings, sameMachine } = plan;
  const secrets = secretFiles(settings);
  return [
    '# The image, once, in a clone of Custard:',
    `#   ${buildLine(plan)}`,
    ...(secrets.length === 0 ? [] : ['# The secrets, once, beside this file; then take these lines out of it:']),
    ...secretFolder(name, secrets).map((line) => `#   ${line}`.trimEnd()),
    'services:',
    `  ${name}:`,
    `    image: ${imageOf(plan)}`,
    '    restart: unless-stopped',
    `    stop_grace_period: ${STOP_SECONDS}s`,
    `    user: "${USER}:${USER}"`,
    '    read_only: true',
    '    tmpfs: [/tmp]',
    '    cap_drop: [ALL]',
    '    security_opt: ["no-new-privileges:true"]',
    '    mem_limit: 512m',
    '    pids_limit: 128',
    // The control plane's address would be the container's own.
    ...(sameMachine ? ['    network_mode: host'] : []),
    '    environment:',
    ...containerVariables(settings).map(([key, value]) => `      ${key}: ${text(value)}`),
    ...volumes(plan),
    '',
  ].join('\n');
}

function volumes({ name, settings }: AgentPlan): string[] {
  const mounts = secretFiles(settings).map(({ file }) => `"./${name}/${file}:${SECRETS_FOLDER}/${file}:ro"`);
  if (hasDatabaseFile(settings)) mounts.push(`"<folder of the file>:${DATA_FOLDER}:ro"`);
  return ['    volumes:', ...mounts.map((mount) => `      - ${mount}`)];
}
