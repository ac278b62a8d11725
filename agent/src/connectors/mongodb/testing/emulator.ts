import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Document } from 'mongodb';
import { Commands, type Rights } from './commands.ts';
import { Failure } from './failure.ts';
import type { Store } from './store.ts';
import { RequestReader } from './wire.ts';

export interface Emulator {
  readonly port: number;
  readonly commands: Commands;
  /** Ends every connection, as a restart does; new ones are taken. */
  dropConnections(): void;
  stop(): Promise<void>;
}

/**
 * Not MongoDB: a small server that speaks its wire protocol to the real driver, with mingo for the query language.
 * What it does not tell of the real server, the same tests do when CUSTARD_TEST_MONGODB_URL names one.
 */
export async function startEmulator(store: Store, rights: Rights = {}, tls?: TlsOptions): Promise<Emulator> {
  const commands = new Commands(store, rights);
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    serve(socket, commands);
    socket.on('close', () => sockets.delete(socket));
  };
  const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    commands,
    dropConnections,
    async stop() {
      dropConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(socket: Socket, commands: Commands): void {
  const reader = new RequestReader();
  const gone = new AbortController();
  const session = { userName: null };
  socket.on('close', () => gone.abort());
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    for (const { command, answer } of reader.push(chunk)) {
      commands
        .run(command, { gone: gone.signal, session })
        .catch(failed)
        .then((reply) => {
          if (!socket.destroyed) socket.write(answer(reply));
        })
        .catch(() => socket.destroy());
    }
  });
}

function failed(error: unknown): Document {
  if (error instanceof Failure) {
    return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName };
  }
  return { ok: 0, errmsg: error instanceof Error ? error.message : 'failed', code: 2, codeName: 'BadValue' };
}
