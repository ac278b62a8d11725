import { setTimeout as delay } from 'node:timers/promises';
import type { Poolable } from '../pool.ts';
import type { SnowflakeSettings } from '../settings.ts';
import { connectionOptions } from './connection-options.ts';
import { abortedBy, fromDriverError, neverAnswered } from './errors.ts';
import { type Observed, observingClient, type ResultInfo } from './observing-client.ts';
import { loadSdk, type SdkConnection, type SdkStatement } from './sdk.ts';

const CONNECT_TIMEOUT_MS = 15_000;
/** After a request to cancel, the statement's own request is answered within this, or the session is given up. */
const CANCEL_WITHIN_MS = 3_000;
const CANCEL_AGAIN_MS = 150;

export interface ExecuteOptions {
  readonly statement: string;
  readonly binds?: readonly string[];
  /** The server ends the statement by itself after so long, in whole seconds, should nobody be left to cancel it. */
  readonly timeoutMs: number;
  /** Has the server compile it only. */
  readonly describeOnly?: boolean;
  readonly signal: AbortSignal;
}

export interface Executed {
  readonly info: ResultInfo;
  /** Each a list of values as they were sent. To be read once, or destroyed. */
  rows(): ReturnType<SdkStatement['streamRows']>;
}

/** A session of the driver's; one statement at a time. */
export class Session implements Poolable {
  readonly #connection: SdkConnection;
  readonly #observed: Observed;
  #usable = true;
  #answered = false;

  private constructor(connection: SdkConnection, observed: Observed) {
    this.#connection = connection;
    this.#observed = observed;
  }

  /** DATABASE_UNREACHABLE, DATABASE_AUTH_FAILED, DATABASE_NOT_FOUND; QUERY_CANCELED for an aborted signal. */
  static async open(settings: SnowflakeSettings, signal: AbortSignal): Promise<Session> {
    if (signal.aborted) throw abortedBy(signal);
    const options = await connectionOptions(settings);
    const sdk = loadSdk();
    const observed: Observed = { result: undefined };
    const core = sdk.createCore(observingClient(sdk, observed));
    const session = new Session(core.createConnection(options), observed);
    try {
      await session.#connect(signal);
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  get usable(): boolean {
    return this.#usable && this.#connection.isUp();
  }

  /** Whether a statement has been answered since `begin`. */
  get answered(): boolean {
    return this.#answered;
  }

  begin(): void {
    this.#answered = false;
  }

  /** Throws what fromDriverError makes of it. */
  async execute(options: ExecuteOptions): Promise<Executed> {
    const { statement: sqlText, binds, describeOnly = false, signal } = options;
    if (signal.aborted) throw abortedBy(signal);
    const done = Promise.withResolvers<SdkStatement>();
    this.#observed.result = undefined;
    const statement = this.#connection.execute({
      sqlText,
      ...(binds === undefined ? {} : { binds }),
      describeOnly,
      parameters: parametersFor(options.timeoutMs),
      streamResult: true,
      rowMode: 'array',
      complete: (error, completed) => (error ? done.reject(error) : done.resolve(completed)),
    });
    const completed = await this.#untilAborted(done.promise, statement, signal).catch((error: unknown) => {
      throw fromDriverError(error, sqlText);
    });
    const info = this.#observed.result;
    this.#answered = true;
    if (info === undefined) throw new Error('The result has no description.');
    return { info, rows: () => rawRows(completed) };
  }

  destroy(): void {
    this.#usable = false;
    try {
      // Whether the server has heard of it makes no difference to us: a session that nobody uses ends by itself.
      this.#connection.destroy(() => undefined);
    } catch {
      // It was never connected.
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const connected = Promise.withResolvers<void>();
    this.#connection.connect((error) => (error ? connected.reject(fromDriverError(error)) : connected.resolve()));
    const timeout = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
    await Promise.race([connected.promise, rejectOn(signal, abortedBy), rejectOn(timeout, neverAnswered)]);
  }

  async #untilAborted<T>(done: Promise<T>, statement: SdkStatement, signal: AbortSignal): Promise<T> {
    const aborted = Promise.withResolvers<'aborted'>();
    const abort = () => aborted.resolve('aborted');
    signal.addEventListener('abort', abort);
    try {
      const first = await Promise.race([done.then((value) => ({ value })), aborted.promise]);
      if (first !== 'aborted') return first.value;
      await this.#cancel(done, statement);
      throw abortedBy(signal);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Asked again, as the server may not have known the statement yet the first time. */
  async #cancel(done: Promise<unknown>, statement: SdkStatement): Promise<void> {
    const settled = done.then(
      () => 'settled' as const,
      () => 'settled' as const,
    );
    const until = performance.now() + CANCEL_WITHIN_MS;
    while (performance.now() < until) {
      statement.cancel(() => undefined);
      if ((await Promise.race([settled, delay(CANCEL_AGAIN_MS)])) === 'settled') return;
    }
    this.#usable = false;
  }
}

function parametersFor(timeoutMs: number): Record<string, string | number | boolean> {
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  return {
    STATEMENT_TIMEOUT_IN_SECONDS: seconds,
    STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: seconds,
    MULTI_STATEMENT_COUNT: 1,
    QUERY_TAG: 'custard',
    ABORT_DETACHED_QUERY: true,
    // In MB, of a piece of a large result: the least there is. Two of them are in memory.
    CLIENT_RESULT_CHUNK_SIZE: 16,
    BINARY_OUTPUT_FORMAT: 'HEX',
  };
}

/** The driver turns values into JavaScript's, which loses digits; what was sent is exact. */
function rawRows(statement: SdkStatement): ReturnType<SdkStatement['streamRows']> {
  for (const [index, column] of (statement.getColumns() ?? []).entries()) {
    column._getRowValue = ({ values }) => values[index];
  }
  return statement.streamRows();
}

function rejectOn(signal: AbortSignal, reason: (signal: AbortSignal) => Error): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(reason(signal));
    signal.addEventListener('abort', () => reject(reason(signal)), { once: true });
  });
}
