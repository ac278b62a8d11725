import { type AgentPlan, buildLine, HEALTH_COMMAND, imageOf, STOP_SECONDS, USER } from './agent-plan.ts';
import {
  containerVariables,
  DATA_FOLDER,
  hasDatabaseFile,
  SECRETS_FOLDER,
  type SecretSetting,
  secretFiles,
} from './settings.ts';

/** JSON is YAML, and quoting it right takes no thought. */
const text = (value: string): string => JSON.stringify(value);
const indented = (spaces: number, lines: readonly string[]): string[] =>
  lines.map((line) => `${' '.repeat(spaces)}${line}`);

export function kubernetesManifests(plan: AgentPlan): string {
  const { name, settings, sameMachine } = plan;
  return [
    `# The image: ${buildLine(plan)}`,
    '# in a clone of Custard, then pushed to where the cluster pulls from; `image:` below is to say where that is.',
    ...(sameMachine ? ["# BACKEND_WEBSOCKET_URI is this machine's own: put an address that the cluster reaches."] : []),
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    `  name: ${name}`,
    'stringData:',
    ...secretFiles(settings).flatMap(secretEntry),
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
    ...indented(6, podSpec(plan)),
    '',
  ].join('\n');
}

function secretEntry(secret: SecretSetting): string[] {
  if (secret.kind === 'secret') return [`  ${secret.file}: ${text(secret.value)}`];
  return [`  ${secret.file}: |`, '    <the text of the key file>'];
}

function podSpec(plan: AgentPlan): string[] {
  return [
    'automountServiceAccountToken: false',
    'enableServiceLinks: false',
    `terminationGracePeriodSeconds: ${STOP_SECONDS}`,
    'securityContext:',
    '  runAsNonRoot: true',
    `  runAsUser: ${USER}`,
    `  runAsGroup: ${USER}`,
    `  fsGroup: ${USER}`,
    '  seccompProfile: {type: RuntimeDefault}',
    'containers:',
    '  - name: agent',
    ...indented(4, container(plan)),
    ...volumes(plan),
  ];
}

function container(plan: AgentPlan): string[] {
  const health = `exec: {command: ${JSON.stringify(HEALTH_COMMAND)}}`;
  return [
    `image: ${imageOf(plan)}`,
    'imagePullPolicy: IfNotPresent',
    'env:',
    ...containerVariables(plan.settings).map(([name, value]) => `  - {name: ${name}, value: ${text(value)}}`),
    'securityContext:',
    '  allowPrivilegeEscalation: false',
    '  readOnlyRootFilesystem: true',
    '  capabilities: {drop: [ALL]}',
    'resources:',
    '  requests: {cpu: 100m, memory: 128Mi}',
    '  limits: {memory: 512Mi}',
    '# Ready while it is linked to the control plane. It links again by itself: only one that could not for ten',
    '# minutes is started anew.',
    'readinessProbe:',
    `  ${health}`,
    '  periodSeconds: 15',
    '  timeoutSeconds: 5',
    'livenessProbe:',
    `  ${health}`,
    '  initialDelaySeconds: 30',
    '  periodSeconds: 30',
    '  timeoutSeconds: 5',
    '  failureThreshold: 20',
    'volumeMounts:',
    '  - {name: tmp, mountPath: /tmp}',
    `  - {name: secrets, mountPath: ${SECRETS_FOLDER}, readOnly: true}`,
    ...(hasDatabaseFile(plan.settings) ? [`  - {name: data, mountPath: ${DATA_FOLDER}, readOnly: true}`] : []),
  ];
}

function volumes({ name, settings }: AgentPlan): string[] {
  return [
    'volumes:',
    '  - name: tmp',
    '    emptyDir: {medium: Memory, sizeLimit: 64Mi}',
    '  - name: secrets',
    `    secret: {secretName: ${name}, defaultMode: 288, optional: false} # 0440`,
    ...(hasDatabaseFile(settings)
      ? ['  - name: data', '    persistentVolumeClaim: {claimName: "<claim with the file>", readOnly: true}']
      : []),
  ];
}
