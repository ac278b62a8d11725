import { createHmac } from 'node:crypto';
import { type ErrorCode, type ErrorDetails, isCustardError } from '#core/errors.ts';
import type { FromAgent, QueryLimits } from '#core/protocol/messages.ts';
import type { Scavenger } from '#core/scavenger.ts';
import type { Connector, RunEnd } from '../connectors/connector.ts';
import type { TurnQueue } from '../limits/turn-queue.ts';
import type { PolicyGuard } from '../policy/policy-guard.ts';
import { OutgoingRows } from './outgoing-rows.ts';
import { timedOut } from './refusals.ts';
import type { StatementOutcome } from './statement-outcome.ts';

interface StatementTaskOptions {
  readonly id: number;
  readonly statement: string;
  /** Lowered to the agent's own. */
  readonly limits: QueryLimits;
  readonly connector: Connector;
  readonly guard: PolicyGuard;
  readonly queue: TurnQueue;
  readonly maskKey: Buffer;
  readonly abort: AbortController;
  readonly scavenger: Scavenger;
  readonly send: (message: FromAgent) => void;
  readonly sendFrame: (frame: Buffer) => void;
  readonly onEnd: (outcome: StatementOutcome) => void;
}

/** Grace given to the engine's own time-out before the agent aborts the statement itself. */
export const TIMEOUT_GRACE_MS = 250;
const FINGERPRINT_DIGITS = 16;

/** One statement from its arrival to its end: guarded, in its turn, within its time. The time counts from its arrival. */
export class StatementTask {
  readonly #options: StatementTaskOptions;
  readonly #rows: OutgoingRows;
  readonly #arrived = performance.now();
  #waitedMs = 0;

  constructor(options: StatementTaskOptions) {
    this.#options = options;
    const { id, limits, scavenger, send, sendFrame } = options;
    this.#rows = new OutgoingRows({
      ...{ stream: id, maxBytes: limits.bytes, scavenger, sendFrame },
      sendColumns: (columns) => send({ type: 'columns', id, columns: [...columns] }),
    });
  }

  /** The receiver has taken so many chunks. */
  grant(chunks: number): void {
    this.#rows.grant(chunks);
  }

  /** Nobody wants the rest. */
  close(reason: Error): void {
    this.#rows.close(reason);
  }

  /** Sends `accepted` at once and `end` at the end; what it throws is for the other side to be told. */
  async run(): Promise<void> {
    const { id, abort, limits, send } = this.#options;
    send({ type: 'accepted', id });
    const timer = setTimeout(() => {
      const reason = timedOut(limits.timeoutMs, this.#waitedMs);
      abort.abort(reason);
      this.close(reason);
    }, limits.timeoutMs + TIMEOUT_GRACE_MS);
    try {
      const { rows, truncated } = await this.#inTurn();
      const { bytes, crc32 } = this.#rows;
      send({ type: 'end', id, rows, bytes, crc32, truncated, elapsedMs: this.#elapsedMs });
      this.#tell({ outcome: 'done', code: null, engineCode: null, rows, truncated });
    } catch (thrown) {
      const error = abort.signal.aborted ? abort.signal.reason : this.#inItsTime(thrown);
      this.#tellFailure(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the guard denies waits for nothing; what the policy denies is looked up in the statement's own turn. */
  async #inTurn(): Promise<RunEnd> {
    const { statement, limits, connector, guard, queue, maskKey, abort } = this.#options;
    const { signal } = abort;
    const allowed = await guard.allow(statement);
    using turn = await queue.enter({ signal, withinMs: limits.timeoutMs - this.#elapsedMs });
    this.#waitedMs = turn.waitedMs;
    const { masks } = await guard.permit(statement, allowed, signal);
    signal.throwIfAborted();
    const left = Math.max(1, Math.ceil(limits.timeoutMs - this.#elapsedMs));
    return await connector.run(
      { statement, limits: { ...limits, timeoutMs: left }, masks, maskKey, signal },
      this.#rows,
    );
  }

  get #elapsedMs(): number {
    return performance.now() - this.#arrived;
  }

  /** The engine was given what was left of the time: it names that, and not what was allowed. */
  #inItsTime(thrown: unknown): unknown {
    const isLate = this.#waitedMs > 0 && isCustardError(thrown) && thrown.code === 'QUERY_TIMEOUT';
    return isLate ? timedOut(this.#options.limits.timeoutMs, this.#waitedMs) : thrown;
  }

  #tellFailure(error: unknown): void {
    const known: { readonly code: ErrorCode; readonly details: ErrorDetails } = isCustardError(error)
      ? error
      : { code: 'INTERNAL', details: {} };
    const { code, details } = known;
    const outcome = OUTCOMES[code] ?? 'failed';
    this.#tell({ outcome, code, engineCode: details.engineCode ?? null, rows: 0, truncated: false });
  }

  #tell(end: Pick<StatementOutcome, 'outcome' | 'code' | 'engineCode' | 'rows' | 'truncated'>): void {
    const { id, statement, maskKey, onEnd } = this.#options;
    const { bytes } = this.#rows;
    const times = { elapsedMs: this.#elapsedMs, waitedMs: this.#waitedMs };
    onEnd({ id, fingerprint: fingerprint(statement, maskKey), ...end, bytes, ...times });
  }
}

/** Errors of statements that never reached the database, or that nobody wanted any more; all others are failures. */
const OUTCOMES: Readonly<Partial<Record<ErrorCode, StatementOutcome['outcome']>>> = {
  QUERY_CANCELED: 'canceled',
  NOT_READ_ONLY: 'refused',
  MULTIPLE_STATEMENTS: 'refused',
  FUNCTION_NOT_ALLOWED: 'refused',
  CONSTRUCT_NOT_ALLOWED: 'refused',
  STATEMENT_INVALID: 'refused',
  STATEMENT_TOO_LARGE: 'refused',
  POLICY_DENIED: 'refused',
  AGENT_BUSY: 'refused',
};

/** Keyed: without the key nobody finds a literal by trying. */
function fingerprint(statement: string, key: Buffer): string {
  return createHmac('sha256', key).update(`statement:${statement}`).digest('hex').slice(0, FINGERPRINT_DIGITS);
}
