import { type AgentPlan, buildLine, imageOf, quoted, STOP_SECONDS, USER } from './agent-plan.ts';
import { secretFolder } from './secret-folder.ts';
import { containerVariables, DATA_FOLDER, hasDatabaseFile, SECRETS_FOLDER, secretFiles } from './settings.ts';

export function dockerCommand(plan: AgentPlan): string {
  const { name, settings, sameMachine } = plan;
  const secrets = secretFiles(settings);
  const options = [
    `--detach --name ${name} --restart unless-stopped --stop-timeout ${STOP_SECONDS}`,
    `--user ${USER}:${USER} --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges`,
    '--memory 512m --pids-limit 128',
    // The control plane's address would be the container's own.
    ...(sameMachine ? ['--network host'] : []),
    ...secrets.map(({ file }) => `--volume "$PWD/${name}/${file}:${SECRETS_FOLDER}/${file}:ro"`),
    ...(hasDatabaseFile(settings) ? [`--volume '<folder of the file>:${DATA_FOLDER}:ro'`] : []),
    ...containerVariables(settings).map(([key, value]) => `--env ${key}=${quoted(value)}`),
  ];
  return [
    '# The image, once, in a clone of Custard:',
    `#   ${buildLine(plan)}`,
    ...secretFolder(name, secrets),
    'docker run \\',
    ...options.map((option) => `  ${option} \\`),
    `  ${imageOf(plan)}`,
    '',
  ].join('\n');
}
