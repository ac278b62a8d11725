import type { CustardError } from '#core/errors.ts';
import { toWireError } from '#core/errors.ts';
import type { Guard, TableName } from '#core/guard/verdict.ts';
import type { Policy } from '#core/policy/policy.ts';
import { boundedError } from '#core/protocol/bounded-error.ts';
import { MAX_STREAMS_PER_AGENT } from '#core/protocol/limits.ts';
import type { FromAgent, QueryLimits, ToAgent } from '#core/protocol/messages.ts';
import { Scavenger } from '#core/scavenger.ts';
import type { Connector } from '../connectors/connector.ts';
import type { DatabaseWatch } from '../health/database-watch.ts';
import type { AgentQueues } from '../limits/agent-queues.ts';
import { lowerLimits } from '../limits/lower-limits.ts';
import { explainWithin } from '../policy/explain-within.ts';
import { PolicyGuard } from '../policy/policy-guard.ts';
import { describeWithin, hiddenFrom } from '../policy/restrict-schema.ts';
import type { SchemaFilter } from '../schema-filter.ts';
import { OutgoingSchema } from './outgoing-schema.ts';
import { agentBusy, canceled, stopping, timedOut } from './refusals.ts';
import type { SentSchemas } from './sent-schemas.ts';
import type { StatementOutcome } from './statement-outcome.ts';
import { StatementTask, TIMEOUT_GRACE_MS } from './statement-task.ts';

/** What a session needs of its socket. */
interface SessionSocket {
  send(message: FromAgent): void;
  sendFrame(frame: Buffer): void;
}

interface SessionOptions {
  readonly connector: Connector;
  readonly guard: Guard;
  readonly policy: Policy;
  readonly filter: SchemaFilter;
  /** Outlives the session: after a reconnect, too, only changes are sent. */
  readonly sent: SentSchemas;
  readonly maskKey: Buffer;
  /** The agent's own caps; what a query asks for is lowered to them. */
  readonly caps: QueryLimits;
  /** Of the agent: other sessions, before and after this one, share them. */
  readonly queues: AgentQueues;
  readonly socket: SessionSocket;
  /** Errors that are bugs, for the log; the other side only hears INTERNAL. */
  readonly onBug: (error: unknown) => void;
  /** Is told what the database did. */
  readonly watch: Pick<DatabaseWatch, 'sawAnswer' | 'sawError'>;
  /** A statement has ended, whichever way. */
  readonly onStatement: (outcome: StatementOutcome) => void;
  /** Called whenever the last thing under way has ended. */
  readonly onIdle: () => void;
}

interface Running {
  readonly abort: AbortController;
  readonly task: StatementTask | null;
}

/** A look-up that takes longer than this in all has no caller any more. */
const LOOK_UP_MS = 60_000;

/** One welcomed session: answers what the control plane asks for until its socket closes. */
export class AgentSession {
  readonly #options: SessionOptions;
  readonly #scavenger = new Scavenger();
  readonly #running = new Map<number, Running>();
  readonly #guard: PolicyGuard;
  #closed = false;
  #draining = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#guard = new PolicyGuard(options);
  }

  get idle(): boolean {
    return this.#running.size === 0;
  }

  /** False when the message breaks the protocol. */
  handle(message: Exclude<ToAgent, { type: 'welcome' | 'error' | 'drain' }>): boolean {
    switch (message.type) {
      case 'query':
        return this.#query(message);
      case 'schema':
        return this.#lookUp(message.id, (signal) => this.#schema(message, signal));
      case 'values':
        return this.#lookUp(message.id, (signal) => this.#values(message.id, message.texts, signal));
      case 'explain':
        return this.#explain(message);
      case 'credit':
        this.#running.get(message.id)?.task?.grant(message.chunks);
        return true;
      case 'cancel':
        this.#cancel(message.id, canceled());
        return true;
      case 'ping':
        this.#options.socket.send({ type: 'pong', sent: message.sent });
        return true;
      default:
        return message satisfies never;
    }
  }

  /** The socket is gone: whatever runs is stopped in the database too. */
  close(): void {
    this.#closed = true;
    for (const id of [...this.#running.keys()]) this.#cancel(id, canceled());
  }

  /** What is under way goes on; nothing new is taken. */
  drain(): void {
    this.#draining = true;
  }

  #start(id: number, { abort, task }: Running, work: () => Promise<void>): boolean {
    if (this.#running.has(id)) return false; // two of one id could not be told apart, nor both be stopped
    const refusal = this.#draining ? stopping() : this.#running.size >= MAX_STREAMS_PER_AGENT ? agentBusy() : null;
    if (refusal !== null) {
      this.#send({ type: 'failed', id, error: toWireError(refusal) });
      return true;
    }
    this.#running.set(id, { abort, task });
    work()
      .then(() => this.#options.watch.sawAnswer())
      .catch((error: unknown) => this.#fail(id, abort.signal.aborted ? abort.signal.reason : error))
      .finally(() => {
        this.#running.delete(id);
        if (this.idle) this.#options.onIdle();
      });
    return true;
  }

  #cancel(id: number, reason: CustardError): void {
    const running = this.#running.get(id);
    running?.abort.abort(reason);
    running?.task?.close(reason);
  }

  #fail(id: number, error: unknown): void {
    this.#options.watch.sawError(error);
    const wire = boundedError(toWireError(error));
    if (wire.code === 'INTERNAL') this.#options.onBug(error);
    this.#send({ type: 'failed', id, error: wire });
  }

  #send(message: FromAgent): void {
    if (!this.#closed) this.#options.socket.send(message);
  }

  #query(query: Extract<ToAgent, { type: 'query' }>): boolean {
    const { connector, maskKey, caps, queues, onStatement } = this.#options;
    const abort = new AbortController();
    const task = new StatementTask({
      ...{ id: query.id, statement: query.statement, connector, maskKey, abort, onEnd: onStatement },
      limits: lowerLimits(query.limits, caps),
      guard: this.#guard,
      queue: queues.statements,
      scavenger: this.#scavenger,
      send: (message) => this.#send(message),
      sendFrame: (frame) => {
        if (!this.#closed) this.#options.socket.sendFrame(frame);
      },
    });
    return this.#start(query.id, { abort, task }, () => task.run());
  }

  /** In its turn among the look-ups: a plan takes a session of the database. Its time counts from its arrival. */
  #explain({ id, statement, timeoutMs: asked }: Extract<ToAgent, { type: 'explain' }>): boolean {
    const { connector, policy, caps } = this.#options;
    const timeoutMs = Math.min(asked, caps.timeoutMs);
    const arrived = performance.now();
    const work = async (signal: AbortSignal): Promise<void> => {
      const waitedMs = performance.now() - arrived;
      const leftMs = Math.max(1, Math.ceil(timeoutMs - waitedMs));
      const timer = setTimeout(() => this.#cancel(id, timedOut(timeoutMs, waitedMs)), leftMs + TIMEOUT_GRACE_MS);
      try {
        const options = { statement, timeoutMs: leftMs, signal };
        const explanation = await explainWithin({ connector, policy, guard: this.#guard }, options);
        this.#send({ type: 'explained', id, explanation });
      } finally {
        clearTimeout(timer);
      }
    };
    return this.#lookUp(id, work, timeoutMs);
  }

  #lookUp(id: number, work: (signal: AbortSignal) => Promise<void>, withinMs = LOOK_UP_MS): boolean {
    const abort = new AbortController();
    return this.#start(id, { abort, task: null }, async () => {
      using _turn = await this.#options.queues.lookUps.enter({ signal: abort.signal, withinMs });
      await work(abort.signal);
    });
  }

  async #schema({ id, base }: Extract<ToAgent, { type: 'schema' }>, signal: AbortSignal): Promise<void> {
    const { connector, policy, filter, sent } = this.#options;
    const outgoing = new OutgoingSchema({
      ...{ dialect: connector.dialect, sent, base },
      send: (page) => this.#send({ type: 'schema_page', id, ...page }),
    });
    await describeWithin(connector, { policy, filter, signal }, (page) => outgoing.add(page));
    outgoing.end();
  }

  async #values(id: number, texts: readonly string[], signal: AbortSignal): Promise<void> {
    const { connector, policy, filter } = this.#options;
    const isHidden = hiddenFrom(policy);
    const skip = (table: TableName, column: string) => !filter.includes(table) || isHidden(table, column);
    const found = await connector.findValues({ texts, skip, signal });
    this.#send({ type: 'values_found', id, found });
  }
}
