import type { ConnectionView } from '#core/protocol/api.ts';
import type { AgentTarget } from '../flags/agent-target.ts';
import type { AgentPlan } from './agent-command/agent-plan.ts';
import { composeFile } from './agent-command/compose.ts';
import { dockerCommand } from './agent-command/docker.ts';
import { kubernetesManifests } from './agent-command/kubernetes.ts';
import { DATABASE_SETTINGS } from './agent-command/settings.ts';
import { shellCommand } from './agent-command/shell.ts';
import { systemdUnit } from './agent-command/systemd.ts';

interface AgentCommandOptions {
  readonly connection: Pick<ConnectionView, 'id' | 'name' | 'agent_id' | 'db_type'>;
  /** Null when it is not known any more: then a placeholder stands for it. */
  readonly apiKey: string | null;
  readonly serverUrl: URL;
  readonly target: AgentTarget;
  /** Custard's own: the image is of the same. */
  readonly version: string;
}

const FORMS: Readonly<Record<AgentTarget, (plan: AgentPlan) => string>> = {
  shell: shellCommand,
  docker: dockerCommand,
  compose: composeFile,
  k8s: kubernetesManifests,
  systemd: systemdUnit,
};

/** What starts a connection's agent, ready to paste but for what stands in `<…>`. Ends with a line feed. */
export function agentCommand({ connection, apiKey, serverUrl, target, version }: AgentCommandOptions): string {
  return FORMS[target]({
    name: objectName(connection.name),
    version,
    sameMachine: /^(localhost|127\..*|\[::1\])$/.test(serverUrl.hostname),
    settings: [
      { kind: 'plain', name: 'BACKEND_WEBSOCKET_URI', value: agentUrl(serverUrl, connection.agent_id) },
      { kind: 'plain', name: 'CONNECTION_ID', value: connection.id },
      { kind: 'plain', name: 'AGENT_ID', value: connection.agent_id },
      { kind: 'secret', name: 'CUSTARD_API_KEY', value: apiKey ?? '<agent key>', file: 'api-key' },
      ...DATABASE_SETTINGS[connection.db_type],
    ],
  });
}

/** Where an agent dials in: the server's own address, as a WebSocket. */
export function agentUrl(serverUrl: URL, agentId: string): string {
  const url = new URL(serverUrl);
  url.protocol = serverUrl.protocol === 'https:' ? 'wss:' : 'ws:';
  url.pathname = `${serverUrl.pathname.replace(/\/$/, '')}/api/v1/connections/ws/${encodeURIComponent(agentId)}`;
  return url.href;
}

/** What Docker, systemd and Kubernetes all take: a DNS label, at most 63 characters, which ends in a letter or digit. */
function objectName(connection: string): string {
  const name = `custard-agent-${connection.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-')}`;
  return name.slice(0, 63).replace(/-+$/, '');
}
