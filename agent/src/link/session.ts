import type { CustardError } from '#core/errors.ts';
import { toWireError } from '#core/errors.ts';
import type { Guard } from '#core/guard/verdict.ts';
import type { Policy } from '#core/policy/policy.ts';
import { boundedError } from '#core/protocol/bounded-error.ts';
import { MAX_STREAMS_PER_AGENT } from '#core/protocol/limits.ts';
import type { FromAgent, QueryLimits, ToAgent } from '#core/protocol/messages.ts';
import { Scavenger } from '#core/scavenger.ts';
import type { Connector } from '../connectors/connector.ts';
import { explainWithin } from '../policy/explain-within.ts';
import { lowerLimits } from '../policy/lower-limits.ts';
import { PolicyGuard } from '../policy/policy-guard.ts';
import { describeWithin, hiddenFrom } from '../policy/restrict-schema.ts';
import { OutgoingRows } from './outgoing-rows.ts';
import { agentBusy, canceled, timedOut } from './refusals.ts';
import { schemaPages } from './schema-pages.ts';

/** What a session needs of its socket. */
interface SessionSocket {
  send(message: FromAgent): void;
  sendFrame(frame: Buffer): void;
}

interface SessionOptions {
  readonly connector: Connector;
  readonly guard: Guard;
  readonly policy: Policy;
  readonly maskKey: Buffer;
  /** The agent's own caps; what a query asks for is lowered to them. */
  readonly caps: QueryLimits;
  readonly socket: SessionSocket;
  /** Errors that are bugs, for the log; the other side only hears INTERNAL. */
  readonly onBug: (error: unknown) => void;
  /** Called whenever the last thing under way has ended. */
  readonly onIdle: () => void;
}

interface Running {
  readonly abort: AbortController;
  readonly rows: OutgoingRows | null;
}

/** Grace given to the engine's own time-out before the agent aborts the statement itself. */
const TIMEOUT_GRACE_MS = 250;

/** One welcomed session: answers what the control plane asks for until its socket closes. */
export class AgentSession {
  readonly #options: SessionOptions;
  readonly #scavenger = new Scavenger();
  readonly #running = new Map<number, Running>();
  readonly #guard: PolicyGuard;
  #closed = false;

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
        return this.#start(message.id, (abort) => this.#query(message, abort));
      case 'schema':
        return this.#start(message.id, (abort) => this.#schema(message.id, abort.signal));
      case 'values':
        return this.#start(message.id, (abort) => this.#values(message.id, message.texts, abort.signal));
      case 'explain':
        return this.#start(message.id, (abort) => this.#explain(message, abort));
      case 'credit':
        this.#running.get(message.id)?.rows?.grant(message.chunks);
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

  #start(id: number, work: (abort: AbortController) => Promise<void>): boolean {
    if (this.#running.has(id)) return false; // two of one id could not be told apart, nor both be stopped
    if (this.#running.size >= MAX_STREAMS_PER_AGENT) {
      this.#send({ type: 'failed', id, error: toWireError(agentBusy()) });
      return true;
    }
    const abort = new AbortController();
    this.#running.set(id, { abort, rows: null });
    work(abort)
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
    running?.rows?.close(reason);
  }

  #fail(id: number, error: unknown): void {
    const wire = boundedError(toWireError(error));
    if (wire.code === 'INTERNAL') this.#options.onBug(error);
    this.#send({ type: 'failed', id, error: wire });
  }

  #send(message: FromAgent): void {
    if (!this.#closed) this.#options.socket.send(message);
  }

  async #query(query: Extract<ToAgent, { type: 'query' }>, abort: AbortController): Promise<void> {
    const { id, statement } = query;
    const { connector, maskKey } = this.#options;
    const started = performance.now();
    this.#send({ type: 'accepted', id });
    const limits = lowerLimits(query.limits, this.#options.caps);
    const masks = await this.#guard.check(statement, abort.signal);
    const rows = new OutgoingRows({
      stream: id,
      maxBytes: limits.bytes,
      scavenger: this.#scavenger,
      sendFrame: (frame) => {
        if (!this.#closed) this.#options.socket.sendFrame(frame);
      },
      sendColumns: (columns) => this.#send({ type: 'columns', id, columns: [...columns] }),
    });
    this.#running.set(id, { abort, rows });
    const timer = setTimeout(() => this.#cancel(id, timedOut(limits.timeoutMs)), limits.timeoutMs + TIMEOUT_GRACE_MS);
    try {
      const end = await connector.run({ statement, limits, masks, maskKey, signal: abort.signal }, rows);
      this.#send({
        type: 'end',
        id,
        rows: end.rows,
        bytes: rows.bytes,
        crc32: rows.crc32,
        truncated: end.truncated,
        elapsedMs: performance.now() - started,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async #explain(
    { id, statement, ...asked }: Extract<ToAgent, { type: 'explain' }>,
    abort: AbortController,
  ): Promise<void> {
    const { connector, policy, caps } = this.#options;
    const timeoutMs = Math.min(asked.timeoutMs, caps.timeoutMs);
    const timer = setTimeout(() => this.#cancel(id, timedOut(timeoutMs)), timeoutMs + TIMEOUT_GRACE_MS);
    try {
      const options = { statement, timeoutMs, signal: abort.signal };
      const explanation = await explainWithin({ connector, policy, guard: this.#guard }, options);
      this.#send({ type: 'explained', id, explanation });
    } finally {
      clearTimeout(timer);
    }
  }

  async #schema(id: number, signal: AbortSignal): Promise<void> {
    const schema = await describeWithin(this.#options.connector, this.#options.policy, signal);
    for (const page of schemaPages(schema)) this.#send({ type: 'schema_page', id, ...page });
  }

  async #values(id: number, texts: readonly string[], signal: AbortSignal): Promise<void> {
    const { connector, policy } = this.#options;
    const found = await connector.findValues({ texts, skip: hiddenFrom(policy), signal });
    this.#send({ type: 'values_found', id, found });
  }
}
