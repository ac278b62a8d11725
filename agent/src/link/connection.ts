import WebSocket, { type RawData } from 'ws';
import { type CustardError, fromWireError } from '#core/errors.ts';
import type { Guard } from '#core/guard/verdict.ts';
import { OPEN_POLICY, type Policy } from '#core/policy/policy.ts';
import { summarize } from '#core/policy/summary.ts';
import {
  CHUNK_BYTES,
  CREDIT_CHUNKS,
  DEAD_AFTER_PINGS,
  DRAIN_MS,
  HANDSHAKE_MS,
  HARD_MAX_STATEMENTS,
  MAX_FRAME_BYTES,
  MAX_LABEL_CHARACTERS,
  PING_EVERY_MS,
} from '#core/protocol/limits.ts';
import {
  CAPABILITIES,
  type FromAgent,
  PROTOCOL_VERSIONS,
  type QueryLimits,
  SUBPROTOCOL,
  ToAgent,
} from '#core/protocol/messages.ts';
import type { Connector } from '../connectors/connector.ts';
import type { AgentVitals } from '../health/agent-vitals.ts';
import type { SchemaFilter } from '../schema-filter.ts';
import { HealthReport } from './health-report.ts';
import { notReading, notUnderstood, refused, silent, tooLargeMessage, unreachable } from './link-errors.ts';
import type { LinkEvent } from './link-event.ts';
import type { SentSchemas } from './sent-schemas.ts';
import { AgentSession } from './session.ts';

export interface LinkOptions {
  /** The agents' WebSocket of the control plane, agent id filled in. */
  readonly url: string;
  readonly apiKey: string;
  readonly connectionId: string | null;
  readonly instanceId: string;
  readonly agentVersion: string;
  readonly engineVersion: string;
  readonly connector: Connector;
  readonly guard: Guard;
  /** The agent's own, its policy's included. */
  readonly caps: QueryLimits;
  readonly vitals: AgentVitals;
  readonly policy: Policy;
  readonly filter: SchemaFilter;
  /** Of this start of the agent. */
  readonly sent: SentSchemas;
  readonly maskKey: Buffer;
  readonly onEvent: (event: LinkEvent) => void;
}

/** Why a connection ended, and how long it had been welcome. */
export interface ConnectionOutcome {
  readonly error: CustardError;
  readonly livedMs: number;
}

/** Silence after which the control plane counts as gone: it pings every PING_EVERY_MS. */
const DEAD_AFTER_MS = PING_EVERY_MS * (DEAD_AFTER_PINGS + 0.5);

/** What may wait for the control plane to read it: all credit of all statements that may run, twice. */
const MAX_UNREAD_BYTES = 2 * HARD_MAX_STATEMENTS * CREDIT_CHUNKS * CHUNK_BYTES;

/** One connection from dialling to close. Never rejects: the outcome says what happened. */
export function connectOnce(options: LinkOptions, stop: AbortSignal, onReady: () => void): Promise<ConnectionOutcome> {
  return new Promise((resolve) => {
    const connection = new AgentConnection(options, onReady, resolve);
    const drain = (): void => connection.drain();
    stop.addEventListener('abort', drain, { once: true });
    connection.onClosed = () => stop.removeEventListener('abort', drain);
  });
}

class AgentConnection {
  readonly #options: LinkOptions;
  readonly #onReady: () => void;
  readonly #resolve: (outcome: ConnectionOutcome) => void;
  readonly #socket: WebSocket;
  readonly #session: AgentSession;
  /** First the limit of the handshake, then of the other side's silence. */
  #watchdog: NodeJS.Timeout;
  #drainTimer: NodeJS.Timeout | null = null;
  #welcomedAt: number | null = null;
  #health: HealthReport | null = null;
  #error: CustardError | null = null;
  onClosed: () => void = () => undefined;

  constructor(options: LinkOptions, onReady: () => void, resolve: (outcome: ConnectionOutcome) => void) {
    this.#options = options;
    this.#onReady = onReady;
    this.#resolve = resolve;
    this.#socket = new WebSocket(options.url, SUBPROTOCOL, {
      headers: { authorization: `Bearer ${options.apiKey}` },
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      handshakeTimeout: HANDSHAKE_MS,
    });
    this.#session = new AgentSession({
      connector: options.connector,
      guard: options.guard,
      policy: options.policy,
      filter: options.filter,
      sent: options.sent,
      maskKey: options.maskKey,
      caps: options.caps,
      queues: options.vitals.queues,
      watch: options.vitals.watch,
      onStatement: (statement) => options.onEvent({ state: 'statement', statement }),
      socket: { send: (message) => this.#send(message), sendFrame: (frame) => this.#write(frame) },
      onBug: (error) => options.onEvent({ state: 'bug', error }),
      onIdle: () => {
        if (this.#drainTimer !== null) this.#socket.close(1000);
      },
    });
    this.#watchdog = setTimeout(() => this.#fail(silent(options.url)), HANDSHAKE_MS * 2);
    this.#listen();
  }

  /** Takes no more queries and closes once those under way have ended, or at the limit. */
  drain(): void {
    if (this.#drainTimer !== null) return;
    if (this.#welcomedAt === null) {
      this.#socket.terminate();
      return;
    }
    this.#options.onEvent({ state: 'draining' });
    this.#session.drain();
    this.#send({ type: 'draining' });
    this.#drainTimer = setTimeout(() => this.#socket.terminate(), DRAIN_MS);
    if (this.#session.idle) this.#socket.close(1000);
  }

  #listen(): void {
    this.#socket.on('open', () => this.#hello());
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('unexpected-response', (request, response) => {
      this.#fail(refused(this.#options.url, response.statusCode ?? 0, response.headers['x-custard-error']));
      request.destroy();
      this.#closed();
    });
    this.#socket.on('error', (cause) => {
      this.#error ??= unreachable(this.#options.url, cause);
    });
    this.#socket.on('close', () => this.#closed());
  }

  #closed(): void {
    clearTimeout(this.#watchdog);
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
    this.#health?.stop();
    this.#session.close();
    this.onClosed();
    this.#resolve({
      error: this.#error ?? unreachable(this.#options.url),
      livedMs: this.#welcomedAt === null ? 0 : performance.now() - this.#welcomedAt,
    });
  }

  #fail(error: CustardError): void {
    this.#error ??= error;
    this.#socket.terminate();
  }

  /** RESULT_TOO_LARGE for what no frame holds: it would cost all other queries their link. */
  #send(message: FromAgent): void {
    const text = JSON.stringify(message);
    if (Buffer.byteLength(text) > MAX_FRAME_BYTES) throw tooLargeMessage(message.type);
    this.#write(text);
  }

  #write(data: string | Buffer): void {
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) this.#fail(notReading(this.#options.url));
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  #hello(): void {
    const { agentVersion, engineVersion, instanceId, connectionId, connector, policy } = this.#options;
    this.#send({
      type: 'hello',
      versions: PROTOCOL_VERSIONS,
      agentVersion,
      dialect: connector.dialect,
      engineVersion: engineVersion.slice(0, MAX_LABEL_CHARACTERS),
      capabilities: [CAPABILITIES.health, ...(connector.explain === undefined ? [] : [CAPABILITIES.explain])],
      instanceId,
      connectionId,
      policy: policy === OPEN_POLICY ? null : summarize(policy),
    });
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#welcomedAt !== null) this.#watchdog.refresh();
    const message = isBinary ? null : parse(data.toString());
    if (message === null) {
      this.#fail(notUnderstood());
      return;
    }
    switch (message.type) {
      case 'welcome':
        this.#welcome(message);
        return;
      case 'error':
        this.#fail(fromWireError(message.error));
        return;
      case 'drain':
        this.drain();
        return;
      default:
        if (!this.#session.handle(message)) this.#fail(notUnderstood());
    }
  }

  #welcome({ epoch, capabilities }: Extract<ToAgent, { type: 'welcome' }>): void {
    this.#welcomedAt = performance.now();
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#fail(silent(this.#options.url)), DEAD_AFTER_MS);
    this.#options.onEvent({ state: 'connected', epoch });
    if (capabilities.includes(CAPABILITIES.health)) this.#reportHealth();
    this.#onReady();
  }

  #reportHealth(): void {
    this.#health ??= new HealthReport({
      vitals: this.#options.vitals,
      send: (health) => this.#send({ type: 'health', health }),
    });
  }
}

function parse(text: string): ToAgent | null {
  try {
    return ToAgent.parse(JSON.parse(text));
  } catch {
    return null; // told to the other side as a protocol error, which closes the connection
  }
}
