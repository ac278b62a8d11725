import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { CustardError, isCustardError, toWireError } from '#core/errors.ts';
import { DEAD_AFTER_PINGS, KIB, PING_EVERY_MS } from '#core/protocol/limits.ts';
import {
  STATUS_SOCKET_PATH,
  STATUS_SUBPROTOCOL,
  STATUS_TOKEN_PREFIX,
  type StatusMessage,
} from '#core/protocol/status.ts';
import type { Principal } from '../../identity/principal.ts';
import type { StatusBoard } from '../../status/status-board.ts';
import { refuseUpgrade } from '../refuse-upgrade.ts';

/** WS /api/v1/status/ws: the organization's connections as they change, to whoever may call the HTTP interface. */

export interface StatusSocketOptions {
  readonly server: Server;
  readonly board: StatusBoard;
  /** As for a request with this Authorization header. UNAUTHENTICATED. */
  readonly authenticate: (header: string | undefined) => Promise<Principal>;
  readonly onBug: (error: unknown) => void;
}

export interface StatusSocket {
  /** Ends every client and takes no more. */
  close(): void;
}

/** Past it a client is too slow: what it misses it gets as one snapshot, once it has read the rest. */
const MAX_UNREAD_BYTES = 256 * KIB;
/** Clients have nothing to say. */
const MAX_INCOMING_BYTES = KIB;

export function attachStatusSocket(options: StatusSocketOptions): StatusSocket {
  let isClosed = false;
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_INCOMING_BYTES,
    handleProtocols: (offered) => (offered.has(STATUS_SUBPROTOCOL) ? STATUS_SUBPROTOCOL : false),
  });
  options.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url !== STATUS_SOCKET_PATH) return;
    socket.on('error', () => socket.destroy()); // a client that goes while it is being authenticated
    const header = authorization(request);
    authenticated(options, request, header)
      .then((principal) => {
        if (isClosed) throw new CustardError('SERVER_RESTARTING', 'The control plane is going down.');
        webSockets.handleUpgrade(request, socket, head, (client) => serve(options, client, { principal, header }));
      })
      .catch((error: unknown) => {
        if (!isCustardError(error)) options.onBug(error);
        refuseUpgrade(socket, error);
      });
  });
  return {
    close() {
      isClosed = true;
      for (const client of webSockets.clients) client.close(1012);
      for (const client of webSockets.clients) client.terminate();
    },
  };
}

async function authenticated(
  { authenticate }: StatusSocketOptions,
  request: IncomingMessage,
  header: string | undefined,
): Promise<Principal> {
  if (!offered(request).includes(STATUS_SUBPROTOCOL)) {
    throw new CustardError('VERSION_UNSUPPORTED', `This WebSocket speaks the subprotocol ${STATUS_SUBPROTOCOL}.`);
  }
  return await authenticate(header);
}

const offered = ({ headers }: IncomingMessage): string[] =>
  (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());

/** The header or, of a client that cannot set one, its token among the subprotocols; never the URL, which is logged. */
function authorization(request: IncomingMessage): string | undefined {
  const token = offered(request).find((name) => name.startsWith(STATUS_TOKEN_PREFIX));
  return (
    request.headers.authorization ??
    (token === undefined ? undefined : `Bearer ${token.slice(STATUS_TOKEN_PREFIX.length)}`)
  );
}

function serve(
  { board, authenticate, onBug }: StatusSocketOptions,
  client: WebSocket,
  { principal, header }: { readonly principal: Principal; readonly header: string | undefined },
): void {
  const { organizationId } = principal;
  let missed = false;
  let unanswered = 0;
  const write = (message: StatusMessage): void => {
    if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify(message));
  };
  const refuse = (error: unknown): void => {
    if (!isCustardError(error)) onBug(error);
    write({ type: 'error', error: toWireError(error) });
    client.close(1008, isCustardError(error) ? error.code : 'INTERNAL');
  };
  const tell = (message: StatusMessage): void => {
    if (missed || client.bufferedAmount > MAX_UNREAD_BYTES) missed = true;
    else write(message);
  };
  const catchUp = (): void => {
    if (!missed || client.bufferedAmount > 0) return;
    const snapshot = board.snapshot(organizationId);
    missed = false;
    if (snapshot !== null) write(snapshot);
  };
  const timer = setInterval(() => {
    if (unanswered >= DEAD_AFTER_PINGS) return client.terminate();
    unanswered += 1;
    catchUp();
    client.ping();
    // A token that was revoked or has expired ends what it has opened.
    authenticate(header).catch(refuse);
  }, PING_EVERY_MS);
  timer.unref();
  client.on('pong', () => {
    unanswered = 0;
    catchUp();
  });
  client.on('error', () => client.terminate()); // reported by close
  let leave = (): void => undefined;
  client.once('close', () => {
    clearInterval(timer);
    leave();
  });
  try {
    leave = board.watch(organizationId, tell);
  } catch (error) {
    refuse(error);
  }
}
