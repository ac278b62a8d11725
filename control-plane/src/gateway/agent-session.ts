import { type CustardError, fromWireError } from '#core/errors.ts';
import type { Explanation } from '#core/explanation.ts';
import { boundedError } from '#core/protocol/bounded-error.ts';
import { type DataFrame, readFrame } from '#core/protocol/frames.ts';
import { ACKNOWLEDGE_MS, MAX_STREAMS_PER_AGENT } from '#core/protocol/limits.ts';
import {
  type AgentHealth,
  CAPABILITIES,
  type FoundValue,
  type FromAgent,
  type QueryLimits,
  type ToAgent,
} from '#core/protocol/messages.ts';
import type { Scavenger } from '#core/scavenger.ts';
import type { AgentSessionInfo, SessionHealth } from './gateway.ts';
import { IncomingRows } from './incoming-rows.ts';
import { IncomingSchema, type KnownSchema, OutOfStep } from './incoming-schema.ts';
import { aborted, busy, notAccepted } from './link-errors.ts';
import { StrayBudget } from './stray-budget.ts';

/** What a session needs of its socket. */
export interface SessionSocket {
  send(message: ToAgent): void;
  /** Closes with a reason the agent is told first. */
  refuse(error: CustardError): void;
  terminate(): void;
}

/** Of each of a union's members. */
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

interface ExplainRequest {
  readonly statement: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What an agent has just said of its database, and what it had said before. */
export interface HealthNews {
  readonly isDown: boolean;
  readonly wasDown: boolean;
}

export type Hello = Extract<FromAgent, { type: 'hello' }>;

/** Something under way, by its id on the wire. */
interface Pending {
  /** False when the message breaks the protocol. `bytes`: of the message as it came. */
  receive(message: FromAgent, bytes: number): boolean;
  /** False when the frame breaks the protocol. */
  receiveFrame?(frame: DataFrame): boolean;
  fail(error: Error): void;
}

interface RequestOptions<T> {
  readonly request: WithoutId<Extract<ToAgent, { type: 'schema' | 'values' | 'explain' }>>;
  readonly signal: AbortSignal;
  readonly take: (message: FromAgent, bytes: number) => T | null | undefined;
}

/** One agent's welcomed socket, as the control plane sees it. */
export class AgentSession {
  readonly connectionId: string;
  readonly hello: Hello;
  readonly epoch: number;
  readonly connectedAt = new Date();
  readonly #socket: SessionSocket;
  readonly #scavenger: Scavenger;
  readonly #strays = new StrayBudget();
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #roundTripMs: number | null = null;
  #unansweredPings = 0;
  #pingSent: number | null = null;
  #draining = false;
  #lost: CustardError | null = null;
  #health: SessionHealth | null = null;
  readonly #onHealth: (news: HealthNews) => void;

  constructor(options: {
    readonly connectionId: string;
    readonly hello: Hello;
    readonly epoch: number;
    readonly socket: SessionSocket;
    readonly scavenger: Scavenger;
    readonly onHealth: (news: HealthNews) => void;
  }) {
    this.connectionId = options.connectionId;
    this.hello = options.hello;
    this.epoch = options.epoch;
    this.#socket = options.socket;
    this.#scavenger = options.scavenger;
    this.#onHealth = options.onHealth;
  }

  get info(): AgentSessionInfo {
    const { dialect, agentVersion, engineVersion, policy } = this.hello;
    const { connectedAt } = this;
    const live = { connectedAt, roundTripMs: this.#roundTripMs, health: this.#health, agents: 1 };
    return { dialect, agentVersion, engineVersion, policy, ...live };
  }

  /** Takes new queries. */
  get available(): boolean {
    return !this.#draining && this.#lost === null;
  }

  /** As far as its agent knows. */
  get reachesDatabase(): boolean {
    return (this.#health?.error ?? null) === null;
  }

  get load(): number {
    return this.#pending.size;
  }

  async run(statement: string, limits: QueryLimits, signal: AbortSignal): Promise<IncomingRows> {
    const id = this.#takeId(signal);
    const cancel = (): void => this.#socket.send({ type: 'cancel', id });
    const rows = new IncomingRows({
      limits,
      grant: (chunks) => this.#socket.send({ type: 'credit', id, chunks }),
      cancel,
      scavenger: this.#scavenger,
    });
    let acknowledged = false;
    const unacknowledged = setTimeout(() => {
      cancel(); // it may be slow and not dead: nobody waits for what it would run
      this.#end(id)?.fail(notAccepted());
    }, ACKNOWLEDGE_MS);
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
      receiveFrame: (frame) => rows.receiveFrame(frame),
      receive: (message, bytes) => {
        if (message.type === 'columns') return rows.receiveColumns(message.columns);
        if (message.type === 'accepted') {
          clearTimeout(unacknowledged);
          const isFirst = !acknowledged;
          acknowledged = true;
          return isFirst || this.#strays.spend(bytes);
        }
        if (message.type !== 'end') return false;
        over();
        rows.receiveEnd(message);
        return true;
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

  /** Asks for what is different from `known`, where there is one; an agent that does not know it either tells all. */
  async describe(known: KnownSchema | null, signal: AbortSignal): Promise<KnownSchema> {
    try {
      const base = known?.schema.dialect === this.hello.dialect ? { base: known.fingerprint } : {};
      return await this.#describe({ type: 'schema', ...base }, known, signal);
    } catch (error) {
      if (!(error instanceof OutOfStep)) throw error;
      return await this.#describe({ type: 'schema' }, known, signal);
    }
  }

  async #describe(
    request: RequestOptions<KnownSchema>['request'],
    known: KnownSchema | null,
    signal: AbortSignal,
  ): Promise<KnownSchema> {
    const schema = new IncomingSchema(this.hello.dialect, known);
    return await this.#request({
      ...{ request, signal },
      take: (message, bytes) => (message.type === 'schema_page' ? schema.add(message, bytes) : undefined),
    });
  }

  async findValues(texts: readonly string[], signal: AbortSignal): Promise<readonly FoundValue[]> {
    return await this.#request({
      request: { type: 'values', texts: [...texts] },
      signal,
      take: (message) => (message.type === 'values_found' ? message.found : undefined),
    });
  }

  /** Agents of older builds, and those whose engine makes no plans, do not. */
  get canExplain(): boolean {
    return this.hello.capabilities.includes(CAPABILITIES.explain);
  }

  async explain({ statement, timeoutMs, signal }: ExplainRequest): Promise<Explanation> {
    return await this.#request({
      request: { type: 'explain', statement, timeoutMs },
      signal,
      take: (message) => (message.type === 'explained' ? message.explanation : undefined),
    });
  }

  /** Sends a ping and returns false when those before it went unanswered for too long. */
  ping(limit: number): boolean {
    if (this.#unansweredPings >= limit) return false;
    this.#unansweredPings += 1;
    this.#strays.renew();
    this.#pingSent = performance.now();
    this.#socket.send({ type: 'ping', sent: this.#pingSent });
    return true;
  }

  /** The control plane is about to go: nothing new is sent, the agent is told to look for another replica. */
  drain(): void {
    this.#draining = true;
    this.#socket.send({ type: 'drain' });
  }

  /** A control message and its size; false when it breaks the protocol. */
  receive(message: Exclude<FromAgent, Hello>, bytes: number): boolean {
    this.#unansweredPings = 0;
    switch (message.type) {
      case 'pong':
        if (message.sent !== this.#pingSent) return this.#strays.spend(bytes);
        this.#roundTripMs = performance.now() - message.sent;
        this.#pingSent = null;
        return true;
      case 'draining':
        this.#draining = true;
        return this.#strays.spend(bytes);
      case 'health':
        this.#receiveHealth(message.health);
        return this.#strays.spend(bytes);
      case 'failed': {
        const failed = this.#end(message.id);
        failed?.fail(fromWireError(boundedError(message.error)));
        return failed !== undefined || this.#strays.spend(bytes);
      }
      case 'accepted':
      case 'columns':
      case 'end':
      case 'schema_page':
      case 'values_found':
      case 'explained':
        // What was given up here may still be under way there: not an error.
        return this.#pending.get(message.id)?.receive(message, bytes) ?? this.#strays.spend(bytes);
      default:
        return message satisfies never;
    }
  }

  /** Something came that is no message of ours; false when there was too much of it. */
  receiveStray(bytes: number): boolean {
    return this.#strays.spend(bytes);
  }

  /** A data frame; false when it breaks the protocol. */
  receiveFrame(frame: Buffer): boolean {
    this.#unansweredPings = 0;
    const data = readFrame(frame);
    if (data === null) return false;
    return this.#pending.get(data.stream)?.receiveFrame?.(data) ?? this.#strays.spend(frame.length);
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

  #receiveHealth({ database, running, waiting }: AgentHealth): void {
    const isDown = database.state === 'unreachable';
    const wasDown = !this.reachesDatabase;
    const since = isDown ? new Date(Date.now() - database.forMs) : wasDown ? new Date() : this.#health?.since;
    this.#health = {
      error: isDown ? boundedError(database.error) : null,
      since: since ?? this.connectedAt,
      running,
      waiting,
    };
    this.#onHealth({ isDown, wasDown });
  }

  #takeId(signal: AbortSignal): number {
    if (signal.aborted) throw aborted(signal);
    if (this.#lost !== null) throw this.#lost;
    // An agent refuses these by itself; one that does not must not pile them up here.
    if (this.#pending.size >= MAX_STREAMS_PER_AGENT) throw busy();
    const id = this.#nextId;
    this.#nextId = id === 0xffff_ffff ? 1 : id + 1;
    return id;
  }

  #end(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** One request with one answer, which `take` picks (null: not yet, undefined: not an answer to this). */
  #request<T>({ request, signal, take }: RequestOptions<T>): Promise<T> {
    const id = this.#takeId(signal);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const giveUp = (error: unknown): void => {
      this.#socket.send({ type: 'cancel', id });
      this.#end(id);
      reject(error);
    };
    const abort = (): void => giveUp(aborted(signal));
    signal.addEventListener('abort', abort, { once: true });
    this.#pending.set(id, {
      receive: (message, bytes) => {
        try {
          const answer = take(message, bytes);
          if (answer === undefined) return false;
          if (answer === null) return true;
          this.#end(id);
          resolve(answer);
        } catch (error) {
          giveUp(error);
        }
        return true;
      },
      fail: reject,
    });
    this.#socket.send({ ...request, id });
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }
}
