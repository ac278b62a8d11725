import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: ConnectionOptions | false;
  readonly processId: number;
  readonly secretKey: number;
}

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const SSL_ACCEPTED = 0x53; // S

/**
 * Asks the server to cancel what a session runs, over a connection of its own, encrypted as the
 * session's is. Resolves once the server has closed it, which it does after passing the request on.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export async function sendCancelRequest(target: CancelTarget, timeoutMs: number): Promise<void> {
  const { host, port } = target;
  const socket = host.startsWith('/') ? connectTcp(`${host}/.s.PGSQL.${port}`) : connectTcp(port, host);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, 'connect', { signal });
    const stream = target.tls === false ? socket : await upgrade(socket, target.tls, signal);
    const answered = once(stream.resume(), 'end', { signal });
    // Written, not ended: PgBouncer takes a client that closes first for gone, and drops its request.
    stream.write(cancelMessage(target));
    await answered;
  } finally {
    socket.destroy();
  }
}

async function upgrade(socket: Socket, tls: ConnectionOptions, signal: AbortSignal): Promise<Socket> {
  socket.write(SSL_REQUEST);
  const [answer]: unknown[] = await once(socket, 'data', { signal });
  if (!Buffer.isBuffer(answer) || answer[0] !== SSL_ACCEPTED) throw new Error('The server refused TLS.');
  const secure = connectTls({ ...tls, socket });
  await once(secure, 'secureConnect', { signal });
  return secure;
}

function cancelMessage({ processId, secretKey }: CancelTarget): Buffer {
  const message = Buffer.alloc(16);
  message.writeUInt32BE(16, 0);
  message.writeUInt32BE(80_877_102, 4);
  message.writeInt32BE(processId, 8);
  message.writeInt32BE(secretKey, 12);
  return message;
}
