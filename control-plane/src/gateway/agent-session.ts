import { type CustardError, fromWireError } from '#core/errors.ts';
import { type DataFrame, readFrame } from '#core/protocol/frames.ts';
import { ACKNOWLEDGE_MS } from '#core/protocol/limits.ts';
import type { FoundValue, FromAgent, QueryLimits, ToAgent } from '#core/protocol/messages.ts';
import { Scavenger } from '#core/scavenger.ts';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import type { AgentSessionInfo } from './gateway.ts';
import { IncomingRows } from './incoming-rows.ts';
import { aborted, notAccepted } from './link-errors.ts';

/** What a session needs of its socket. */
export interface SessionSocket {
  send(message: ToAgent): void;
  /** Closes with a reason the agent is told first. */
  refuse(error: CustardError): void;
  terminate(): void;
}

export type Hello = Extract<FromAgent, { type: 'hello' }>;

/** Something under way, by its id on the wire. */
interface Pending {
  accepted?(): void;
  receive(message: FromAgent): void;
  /** False when the frame breaks the protocol. */
  receiveFrame?(frame: DataFrame): boolean;
  fail(error: Error): void;
}

/** One agent's welcomed socket, as the control plane sees it. */
export class AgentSession {
  readonly connectionId: string;
  readonly hello: Hello;
  readonly epoch: number;
  readonly connectedAt = new Date();
  readonly #socket: SessionSocket;
  readonly #scavenger = new Scavenger();
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #roundTripMs: number | null = null;
  #unansweredPings = 0;
  #draining = false;
  #lost: CustardError | null = null;

  constructor(options: {
    readonly connectionId: string;
    readonly hello: Hello;
    readonly epoch: number;
    readonly socket: SessionSocket;
  }) {
    this.connectionId = options.connectionId;
    this.hello = options.hello;
    this.epoch = options.epoch;
    this.#socket = options.socket;
  }

  get info(): AgentSessionInfo {
    const { dialect, agentVersion, engineVersion } = this.hello;
    return { dialect, agentVersion, engineVersion, connectedAt: this.connectedAt, roundTripMs: this.#roundTripMs };
  }

  /** Takes new queries. */
  get available(): boolean {
    return !this.#draining && this.#lost === null;
  }

  get load(): number {
    return this.#pending.size;
  }

  async run(statement: string, limits: QueryLimits, signal: AbortSignal): Promise<IncomingRows> {
    const id = this.#takeId();
    const cancel = (): void => this.#socket.send({ type: 'cancel', id });
    const rows = new IncomingRows({
      grant: (chunks) => this.#socket.send({ type: 'credit', id, chunks }),
      cancel,
      scavenger: this.#scavenger,
    });
    const unacknowledged = setTimeout(() => this.#end(id)?.fail(notAccepted()), ACKNOWLEDGE_MS);
    const abort = (): void => {
      cancel();
      rows.fail(aborted(signal));
    };
    signal.addEventListener('abort', abort, { once: true });
    const over = (): void => {
      clearTimeout(unacknowledged);
      signal.removeEventListener('abort', abort);
      this.#end(id);
    };
    this.#pending.set(id, {
      accepted: () => clearTimeout(unacknowledged),
      receiveFrame: (frame) => rows.receiveFrame(frame),
      receive(message) {
        if (message.type === 'columns') rows.receiveColumns(message.columns);
        if (message.type !== 'end') return;
        over();
        rows.receiveEnd(message);
      },
      fail(error) {
        over();
        rows.fail(error);
      },
    });
    this.#socket.send({ type: 'query', id, statement, limits });
    await rows.head;
    return rows;
  }

  async describe(signal: AbortSignal): Promise<DatabaseSchema> {
    const tables: SchemaTable[] = [];
    return await this.#request('schema', signal, (message) => {
      if (message.type !== 'schema_page') return null;
      tables.push(...message.tables);
      const { version, defaultSchemas, last } = message;
      return last ? { dialect: this.hello.dialect, version, defaultSchemas, tables } : null;
    });
  }

  async findValues(texts: readonly string[], signal: AbortSignal): Promise<readonly FoundValue[]> {
    return await this.#request(
      'values',
      signal,
      (message) => (message.type === 'values_found' ? message.found : null),
      {
        texts: [...texts],
      },
    );
  }

  /** Sends a ping and returns false when those before it went unanswered for too long. */
  ping(limit: number): boolean {
    if (this.#unansweredPings >= limit) return false;
    this.#unansweredPings += 1;
    this.#socket.send({ type: 'ping', sent: performance.now() });
    return true;
  }

  /** The control plane is about to go: nothing new is sent, the agent is told to look for another replica. */
  drain(): void {
    this.#draining = true;
    this.#socket.send({ type: 'drain' });
  }

  /** A control message; false when it breaks the protocol. */
  receive(message: Exclude<FromAgent, Hello>): boolean {
    this.#unansweredPings = 0;
    switch (message.type) {
      case 'pong':
        this.#roundTripMs = performance.now() - message.sent;
        return true;
      case 'draining':
        this.#draining = true;
        return true;
      case 'accepted':
        this.#pending.get(message.id)?.accepted?.();
        return true;
      case 'failed':
        this.#end(message.id)?.fail(fromWireError(message.error));
        return true;
      case 'columns':
      case 'end':
      case 'schema_page':
      case 'values_found':
        // What was given up here may still be under way there: not an error.
        this.#pending.get(message.id)?.receive(message);
        return true;
      default:
        return message satisfies never;
    }
  }

  /** A data frame; false when it breaks the protocol. */
  receiveFrame(frame: Buffer): boolean {
    this.#unansweredPings = 0;
    const data = readFrame(frame);
    if (data === null) return false;
    return this.#pending.get(data.stream)?.receiveFrame?.(data) ?? true;
  }

  /** Closes the socket on purpose, for example because its connection was deleted. */
  refuse(error: CustardError): void {
    this.#socket.refuse(error);
    this.lost(error);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** The socket is gone: everything under way ends, in exactly one way. */
  lost(error: CustardError): void {
    this.#lost ??= error;
    const pending = [...this.#pending.values()];
    for (const one of pending) one.fail(this.#lost);
    this.#pending.clear();
  }

  #takeId(): number {
    if (this.#lost !== null) throw this.#lost;
    const id = this.#nextId;
    this.#nextId = id === 0xffff_ffff ? 1 : id + 1;
    return id;
  }

  #end(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** One request with one answer, which `take` picks (null: not yet). */
  #request<T>(
    type: 'schema' | 'values',
    signal: AbortSignal,
    take: (message: FromAgent) => T | null,
    { texts = [] }: { readonly texts?: string[] } = {},
  ): Promise<T> {
    const id = this.#takeId();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const abort = (): void => {
      this.#socket.send({ type: 'cancel', id });
      this.#end(id)?.fail(aborted(signal));
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#pending.set(id, {
      receive: (message) => {
        const answer = take(message);
        if (answer === null) return;
        this.#end(id);
        resolve(answer);
      },
      fail: reject,
    });
    this.#socket.send(type === 'schema' ? { type, id } : { type, id, texts });
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }
}
