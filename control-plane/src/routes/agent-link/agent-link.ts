import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { CustardError, toWireError } from '#core/errors.ts';
import {
  HANDSHAKE_MS,
  MAX_FRAME_BYTES,
  MAX_STATEMENT_BYTES,
  MAX_STREAMS_PER_AGENT,
  MIB,
} from '#core/protocol/limits.ts';
import {
  CAPABILITIES,
  FromAgent,
  negotiateVersion,
  PROTOCOL_VERSIONS,
  SUBPROTOCOL,
  type ToAgent,
} from '#core/protocol/messages.ts';
import { Scavenger } from '#core/scavenger.ts';
import { AgentSession, type HealthNews, type Hello } from '../../gateway/agent-session.ts';
import type { AgentSessions } from '../../gateway/agent-sessions.ts';
import { closing } from '../../gateway/link-errors.ts';
import type { AgentIdentity } from '../../identity/agent-authenticator.ts';
import { refuseUpgrade } from '../refuse-upgrade.ts';

/** WS /api/v1/connections/ws/{agent_id}: the agents' link, authenticated at the upgrade. */

export interface AgentLinkOptions {
  readonly server: Server;
  readonly sessions: AgentSessions;
  readonly serverVersion: string;
  /** Null when the agent is not known or the key is not its key. */
  readonly authenticateAgent: (agentId: string, key: string) => Promise<AgentIdentity | null>;
  /** Upgrades that somebody else answers. */
  readonly isElsewhere?: (path: string) => boolean;
  readonly onConnected: (agent: AgentIdentity) => void;
  /** The last socket of the connection is gone. */
  readonly onDisconnected: (agent: AgentIdentity) => void;
  /** The agent has said how its database is and how busy it is. */
  readonly onHealth: (agent: AgentIdentity, news: HealthNews) => void;
  readonly onBug: (error: unknown) => void;
}

/** Nothing of the link stands after that. */
export interface AgentLink {
  /** Ends every socket, welcomed or not, and refuses those that come. */
  close(): void;
}

/** What may wait for an agent to read it: all the statements it may have at once, and then some. */
const MAX_UNREAD_BYTES = MAX_STREAMS_PER_AGENT * MAX_STATEMENT_BYTES + 8 * MIB;
/** From a refusal to the end of a socket whose other side does not answer it. */
const CLOSE_MS = 2_000;

const PATH = /^\/api\/v1\/connections\/ws\/([^/?]+)$/;

export function attachAgentLink(options: AgentLinkOptions): AgentLink {
  const scavenger = new Scavenger();
  let isClosed = false;
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  options.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (options.isElsewhere?.(request.url ?? '') === true) return;
    socket.on('error', () => socket.destroy()); // a client that goes while it is being authenticated
    authenticate(options, request)
      .then((agent) => {
        if (isClosed) throw closing();
        webSockets.handleUpgrade(request, socket, head, (webSocket) =>
          greet({ ...options, scavenger }, agent, webSocket),
        );
      })
      .catch((error: unknown) => {
        if (!(error instanceof CustardError)) options.onBug(error);
        refuseUpgrade(socket, error);
      });
  });
  return {
    close() {
      isClosed = true;
      for (const webSocket of webSockets.clients) webSocket.terminate();
    },
  };
}

type ServingOptions = AgentLinkOptions & { readonly scavenger: Scavenger };

async function authenticate(options: AgentLinkOptions, request: IncomingMessage): Promise<AgentIdentity> {
  const agentId = PATH.exec(request.url ?? '')?.[1];
  if (agentId === undefined) throw new CustardError('NOT_FOUND', 'There is no WebSocket here.');
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) {
    throw new CustardError('VERSION_UNSUPPORTED', `This control plane speaks the subprotocol ${SUBPROTOCOL}.`);
  }
  const key = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const agent = key === undefined ? null : await options.authenticateAgent(decoded(agentId), key);
  if (agent === null) throw new CustardError('UNAUTHENTICATED', 'The agent id or its key is not known.');
  return agent;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no agent is called that
  }
}

/** From the upgrade to welcome: one hello, in time, of a version and dialect that fit. */
function greet(options: ServingOptions, agent: AgentIdentity, webSocket: WebSocket): void {
  const refuse = (error: CustardError): void => refuseSocket(webSocket, error);
  const late = setTimeout(() => refuse(new CustardError('TIMEOUT', 'No hello came in time.')), HANDSHAKE_MS);
  webSocket.on('error', () => webSocket.terminate()); // reported by close
  webSocket.once('close', () => clearTimeout(late));
  webSocket.once('message', (data, isBinary) => {
    clearTimeout(late);
    const hello = isBinary ? null : parse(data.toString());
    const problem = hello?.type === 'hello' ? misfit(hello, agent) : notUnderstood();
    if (hello?.type !== 'hello' || problem !== null) refuse(problem ?? notUnderstood());
    else serve(options, agent, hello, webSocket);
  });
}

function serve(options: ServingOptions, agent: AgentIdentity, hello: Hello, webSocket: WebSocket): void {
  const { sessions, scavenger } = options;
  const refusal = sessions.refusal({ connectionId: agent.connectionId, instanceId: hello.instanceId });
  if (refusal !== null) {
    refuseSocket(webSocket, refusal);
    return;
  }
  const send = (message: ToAgent): void => {
    if (webSocket.bufferedAmount > MAX_UNREAD_BYTES) webSocket.terminate();
    if (webSocket.readyState === WebSocket.OPEN) webSocket.send(JSON.stringify(message));
  };
  const epoch = sessions.nextEpoch();
  const session = new AgentSession({
    connectionId: agent.connectionId,
    hello,
    epoch,
    scavenger,
    onHealth: (news) => options.onHealth(agent, news),
    socket: {
      send,
      refuse: (error) => refuseSocket(webSocket, error),
      terminate: () => webSocket.terminate(),
    },
  });
  const gone = (): void => {
    if (sessions.remove(session)) options.onDisconnected(agent);
  };
  const orRefuse = (understood: boolean): void => {
    if (understood) return;
    refuseSocket(webSocket, notUnderstood());
    gone();
  };
  webSocket.on('message', (data, isBinary) => {
    if (webSocket.readyState !== WebSocket.OPEN) return; // refused: what still comes says nothing
    const bytes = asBuffer(data);
    orRefuse(isBinary ? session.receiveFrame(bytes) : receive(session, bytes));
  });
  // Each is answered, and an agent of ours sends none.
  webSocket.on('ping', (data) => orRefuse(session.receiveStray(data.length)));
  webSocket.once('close', gone);
  sessions.add(session);
  const version = negotiateVersion(hello.versions, PROTOCOL_VERSIONS) ?? PROTOCOL_VERSIONS.max;
  send({ type: 'welcome', version, epoch, serverVersion: options.serverVersion, capabilities: [CAPABILITIES.health] });
  options.onConnected(agent);
}

function receive(session: AgentSession, text: Buffer): boolean {
  const message = parse(text.toString());
  return message !== null && message.type !== 'hello' && session.receive(message, text.length);
}

function misfit(hello: Hello, agent: AgentIdentity): CustardError | null {
  if (negotiateVersion(hello.versions, PROTOCOL_VERSIONS) === null) {
    const { min, max } = PROTOCOL_VERSIONS;
    return new CustardError('VERSION_UNSUPPORTED', `This control plane speaks versions ${min} to ${max} of the link.`, {
      hint: hello.versions.max < min ? 'Update the agent.' : 'Update the control plane.',
    });
  }
  if (hello.connectionId !== null && hello.connectionId !== agent.connectionId) {
    return new CustardError('CONFIG_INVALID', 'CONNECTION_ID is not the connection this agent key belongs to.', {
      hint: 'Paste the command of `custard connections agent-command NAME` again.',
    });
  }
  if (!agent.dialects.includes(hello.dialect)) {
    return new CustardError(
      'CONFIG_INVALID',
      `The agent speaks ${hello.dialect}, the connection is ${agent.dialects.join(' or ')}.`,
      {
        hint: 'Point the agent at a database of that kind, or create a connection of the right kind.',
      },
    );
  }
  return null;
}

function refuseSocket(webSocket: WebSocket, error: CustardError): void {
  if (webSocket.readyState !== WebSocket.OPEN) return;
  webSocket.send(JSON.stringify({ type: 'error', error: toWireError(error) } satisfies ToAgent));
  webSocket.close(1008, error.code);
  const deaf = setTimeout(() => webSocket.terminate(), CLOSE_MS);
  webSocket.once('close', () => clearTimeout(deaf));
}

function parse(text: string): FromAgent | null {
  try {
    return FromAgent.parse(JSON.parse(text));
  } catch {
    return null; // told to the agent as a protocol error, which closes the connection
  }
}

/** ws hands over a Buffer unless told otherwise; the other shapes are of its other modes. */
function asBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function notUnderstood(): CustardError {
  return new CustardError('PROTOCOL_ERROR', 'The agent sent something this control plane does not understand.', {
    hint: 'Bring the agent and the control plane to the same version.',
  });
}
