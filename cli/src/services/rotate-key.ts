import { rotateKey as rotate } from '../api/accounts.ts';
import { parseGrace } from '../config/parse-values.ts';
import type { AgentTarget } from '../flags/agent-target.ts';
import { envelope } from '../output/envelope.ts';
import type { RunContext } from '../run-context.ts';
import { agentCommand } from './agent-command.ts';
import { findConnection } from './connections.ts';
import { openServerApi } from './open-api.ts';
import { createSession, type SessionFlags } from './session.ts';

interface RotateOptions {
  readonly context: RunContext;
  readonly flags: SessionFlags;
  readonly name: string;
  /** How long the old key stays good: "24h". */
  readonly grace: string;
  /** Without one the key alone is printed. */
  readonly target: AgentTarget | undefined;
}

/** A new key for a connection's agents: the only time that it is seen. */
export async function rotateKey({ context, flags, name, grace, target }: RotateOptions): Promise<void> {
  const session = createSession(context, flags);
  const minutes = parseGrace(grace, '--grace');
  const api = openServerApi(session);
  const connection = await findConnection(api, name);
  const key = await rotate(api, connection.id, minutes);
  const command = agentCommand({
    ...{ connection, apiKey: key.api_key, serverUrl: api.url, target: target ?? 'shell' },
    version: context.version,
  });
  if (session.format === 'json') {
    const data = { ...key, connection: connection.name, grace_minutes: minutes, agent_command: command };
    await session.sink.write(envelope({ schema: 'custard.agent-key/1', data }));
    return;
  }
  const old = minutes === 0 ? 'The one before is void.' : `The one before stays good for ${grace}.`;
  session.narrator.note(
    `A new key for ${connection.name}, shown this once. ${old} Give it to the agent as CUSTARD_API_KEY:`,
  );
  await session.sink.write(target === undefined ? `${key.api_key}\n` : command);
}
