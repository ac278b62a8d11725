import WebSocket from 'ws';
import { type Hub, KEY, LIMITS } from './link-bench.ts';

/** Agents whose every byte is the test's own. */

export const HELLO = {
  type: 'hello',
  versions: { min: 1, max: 1 },
  agentVersion: 'raw',
  dialect: 'postgres',
  engineVersion: 'raw',
  capabilities: [],
  instanceId: 'raw-1',
  connectionId: null,
};

/** A socket that is only authenticated. */
export async function dial(hub: Hub): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${hub.port}/api/v1/connections/ws/agent-1`, 'custard.v1', {
    headers: { authorization: `Bearer ${KEY}` },
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined); // a socket that is ended while the test still writes
  return socket;
}

/** A welcomed agent. */
export async function rawAgent(hub: Hub, hello: Partial<typeof HELLO> = {}): Promise<WebSocket> {
  const socket = await dial(hub);
  const welcome = nextMessage(socket, 'welcome');
  send(socket, { ...HELLO, ...hello });
  await welcome;
  return socket;
}

export function send(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify(message));
}

export async function nextMessage(socket: WebSocket, type: string): Promise<{ id: number; error: unknown }> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${type}`)), LIMITS.timeoutMs);
    socket.on('message', function look(data, isBinary) {
      if (isBinary) return;
      const message = JSON.parse(String(data));
      if (message.type !== type) return;
      clearTimeout(timer);
      socket.off('message', look);
      resolve(message);
    });
  });
}
