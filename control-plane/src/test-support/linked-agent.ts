import WebSocket from 'ws';
import { CAPABILITIES, type FromAgent, type ToAgent } from '#core/protocol/messages.ts';
import { until } from './until.ts';

/** An agent whose every message is the test's own, welcomed unless it is refused. */
export class LinkedAgent {
  readonly received: ToAgent[] = [];
  readonly #socket: WebSocket;
  closeCode: number | null = null;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.received.push(JSON.parse(String(data)));
    });
    socket.on('error', () => undefined); // told by close
    socket.on('close', (code) => {
      this.closeCode = code;
    });
  }

  /** The HTTP status when it is refused at the upgrade. */
  static async dial(url: string, { agentId, key }: { agentId: string; key: string }): Promise<LinkedAgent | number> {
    const address = `${url.replace('http', 'ws')}/api/v1/connections/ws/${agentId}`;
    const socket = new WebSocket(address, 'custard.v1', { headers: { authorization: `Bearer ${key}` } });
    const agent = new LinkedAgent(socket);
    return await new Promise((resolve, reject) => {
      socket.once('open', () => resolve(agent));
      socket.once('unexpected-response', (_, { statusCode = 0 }) => resolve(statusCode));
      socket.once('error', reject);
    });
  }

  send(message: FromAgent | Buffer): void {
    this.#socket.send(Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  async next<Type extends ToAgent['type']>(type: Type): Promise<Extract<ToAgent, { type: Type }>> {
    const is = (message: ToAgent): message is Extract<ToAgent, { type: Type }> => message.type === type;
    return await until(`a message ${type}`, async () => this.received.find(is));
  }

  async closed(): Promise<number> {
    return await until('the end of the link', async () => this.closeCode);
  }

  close(): void {
    this.#socket.terminate();
  }
}

export const HELLO: Extract<FromAgent, { type: 'hello' }> = {
  ...{ type: 'hello', versions: { min: 1, max: 1 }, agentVersion: 'test', dialect: 'postgres', engineVersion: 'test' },
  ...{ capabilities: [CAPABILITIES.explain], instanceId: 'test', connectionId: null, policy: null },
};
