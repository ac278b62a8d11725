import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { TLSSocket } from 'node:tls';

interface ProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** Answers SSLRequest with yes and speaks TLS to the client. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** To come back at the place of one that was closed; any free one without it. */
  readonly port?: number;
  /** Cuts what the server sends into pieces of so many bytes. */
  readonly pieces?: () => number;
}

export interface Proxy {
  readonly port: number;
  /** Connections whose client asked for TLS and got it. */
  readonly encrypted: () => number;
  /** Cuts all connections at once, without a goodbye. */
  cut(): void;
  close(): void;
}

const SSL_REQUEST_BYTES = 8;

/** Stands between a client and the real server. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const open = new Set<Socket>();
  let encrypted = 0;
  const server = createServer((socket) => {
    open.add(socket.on('close', () => open.delete(socket)).on('error', () => undefined));
    if (options.tls === undefined) return relay(socket, options);
    socket.once('data', (first: Buffer) => {
      if (first.length !== SSL_REQUEST_BYTES) return socket.destroy();
      socket.write('S');
      encrypted++;
      return relay(new TLSSocket(socket, { isServer: true, ...options.tls }), options);
    });
  });
  server.listen(options.port ?? 0, 'localhost');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    encrypted: () => encrypted,
    cut,
    close: () => {
      cut();
      server.close();
    },
  };
}

function relay(client: Socket, { target, pieces }: ProxyOptions): void {
  const server = connect(target.port, target.host);
  client.on('error', () => server.destroy()).on('close', () => server.destroy());
  server.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.pipe(server);
  (pieces === undefined ? server : server.pipe(cutting(pieces))).pipe(client);
}

function cutting(pieces: () => number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; ) {
        const end = at + pieces();
        this.push(chunk.subarray(at, end));
        at = end;
      }
      done();
    },
  });
}
