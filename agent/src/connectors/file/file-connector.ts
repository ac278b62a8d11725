import type { ConnectorDialect } from '#core/dialects.ts';
import { type CustardError, isCustardError } from '#core/errors.ts';
import { type Explanation, explanation, NO_PLAN } from '#core/explanation.ts';
import type { Relation } from '#core/policy/relation.ts';
import type { Posture } from '#core/posture.ts';
import type { FoundValue } from '#core/protocol/messages.ts';
import type {
  Connector,
  DescribeOptions,
  ExplainOptions,
  FindOptions,
  RelationsOptions,
  RowSink,
  RunEnd,
  RunOptions,
  SchemaPage,
} from '../connector.ts';
import { hasPlan } from '../plan-statement.ts';
import { Pool } from '../pool.ts';
import { RowOutlet } from '../row-outlet.ts';
import type { SqliteSettings } from '../settings.ts';
import { NO_NETWORK, type Transport } from '../transport.ts';
import { WorkerCall } from './worker-call.ts';
import { WorkerProcess, type WorkerProgram } from './worker-process.ts';
import type { FinalAnswer, FindCandidate, InterimAnswer, WorkerFailure, WorkerRequest } from './worker-protocol.ts';

/** Each has the file open, which costs little. */
const WORKERS: WorkerPool = { max: 4, idleMs: 60_000, lifetimeMs: 30 * 60_000 };
const WAIT_MS = 10_000;
const PING_TIMEOUT_MS = 10_000;
const DESCRIBE_TIMEOUT_MS = 60_000;
const FIND_BUDGET_MS = 1_200;
/** One look into a large table may be under way when the budget ends. */
const FIND_TIMEOUT_MS = 3_000;
const RELATIONS_TIMEOUT_MS = 2_000;

type WithSignal = { readonly signal: AbortSignal };

/** What differs between engines whose databases are files, each read in a process of its own. */
export interface FileEngine {
  readonly dialect: ConnectorDialect;
  readonly program: WorkerProgram;
  readonly toError: (failure: WorkerFailure, context: FailureContext) => CustardError;
  /** Grades what the user that runs this may do with the file, which is there. */
  readonly assess: (path: string) => Promise<Posture>;
  /** Where the usual number of workers is not right. */
  readonly workers?: WorkerPool;
  /** For workers that have something to do before their first statement, which counts for no statement's time. */
  readonly preparation?: Preparation;
  /** After the last worker. */
  readonly onClose?: () => Promise<void>;
}

interface WorkerPool {
  readonly max: number;
  readonly idleMs: number;
  readonly lifetimeMs: number;
}

interface Preparation {
  readonly timeoutMs: number;
  /** What the worker said when it was ready. */
  readonly onReady: (answer: Extract<FinalAnswer, { type: 'ping' }>) => void;
}

export interface FailureContext {
  readonly path: string;
  /** The limit a result was held to. */
  readonly maxBytes: number;
}

/** Of SQLite's and DuckDB's settings, what is the same; `path` is what workers are started with. */
type FileSettings = Pick<SqliteSettings, 'path' | 'sessions'>;

export async function openFileConnector(engine: FileEngine, settings: FileSettings): Promise<Connector> {
  const connector = new FileConnector(engine, settings);
  try {
    await connector.warmUp();
    return connector;
  } catch (error) {
    await connector.close();
    throw error;
  }
}

class FileConnector implements Connector {
  readonly #engine: FileEngine;
  readonly #path: string;
  readonly #pool: Pool<WorkerProcess>;

  constructor(engine: FileEngine, { path, sessions }: FileSettings) {
    this.#engine = engine;
    this.#path = path;
    this.#pool = new Pool({
      open: (signal) => this.#openWorker(signal),
      ...WORKERS,
      ...(sessions === undefined ? {} : { max: sessions }),
      ...engine.workers,
      waitMs: WAIT_MS,
    });
  }

  get dialect(): ConnectorDialect {
    return this.#engine.dialect;
  }

  /** Starts the first worker at once, so that it is up by the time of the first question. */
  async warmUp(): Promise<void> {
    await this.#withWorker(new AbortController().signal, async () => undefined);
  }

  async ping({ signal }: WithSignal): Promise<{ readonly version: string }> {
    const answer = await this.#ask({ type: 'ping' }, { timeoutMs: PING_TIMEOUT_MS, signal });
    if (answer.type !== 'ping') throw this.#unexpected(answer);
    return { version: answer.version };
  }

  async describe({ schemas = null, signal }: DescribeOptions, onPage: (page: SchemaPage) => void): Promise<void> {
    await this.#withWorker(signal, async (worker) => {
      const call = new WorkerCall(worker, {
        ...{ timeoutMs: DESCRIBE_TIMEOUT_MS, signal },
        onInterim: (interim) => {
          if (interim.type !== 'schema page') return;
          try {
            onPage(interim.page);
          } catch (error) {
            call.fail(error);
          }
        },
      });
      const answer = await call.run({ type: 'describe', schemas });
      if (answer.type !== 'describe') throw this.#unexpected(answer);
    });
  }

  async run(options: RunOptions, sink: RowSink): Promise<RunEnd> {
    return await this.#withWorker(options.signal, (worker) => this.#runOn(worker, options, sink));
  }

  async findValues({ texts, skip, signal }: FindOptions): Promise<FoundValue[]> {
    const wanted = texts.filter((text) => text.trim() !== '');
    if (wanted.length === 0) return [];
    // A process that has yet to start is not on the budget.
    await this.ping({ signal });
    const until = performance.now() + FIND_TIMEOUT_MS;
    const found: FoundValue[] = [];
    const onInterim = (answer: InterimAnswer) => {
      if (answer.type === 'hits') found.push(...answer.found);
    };
    const ask = (request: WorkerRequest) =>
      this.#ask(request, { timeoutMs: Math.max(1, until - performance.now()), signal, onInterim });
    try {
      const since = performance.now();
      const listed = await ask({ type: 'candidates' });
      if (listed.type !== 'candidates') throw this.#unexpected(listed);
      const candidates = listed.candidates.filter((candidate) => !isSkipped(candidate, skip));
      const budgetMs = FIND_BUDGET_MS - (performance.now() - since);
      const answer = await ask({ type: 'find', texts: wanted, candidates, budgetMs });
      if (answer.type !== 'find') throw this.#unexpected(answer);
    } catch (error) {
      // Best effort: what was found in time is the answer.
      if (!isCustardError(error) || error.code !== 'QUERY_TIMEOUT') throw error;
    }
    return found;
  }

  async relations({ tables, signal }: RelationsOptions): Promise<Relation[]> {
    const answer = await this.#ask({ type: 'relations', tables }, { timeoutMs: RELATIONS_TIMEOUT_MS, signal });
    if (answer.type !== 'relations') throw this.#unexpected(answer);
    return [...answer.relations];
  }

  /** The worker is asked first: it tells a file that is missing, or none of the engine's, as every other call does. */
  async posture({ signal }: WithSignal): Promise<Posture> {
    await this.ping({ signal });
    return await this.#engine.assess(this.#path);
  }

  async explain({ statement, timeoutMs, signal }: ExplainOptions): Promise<Explanation> {
    if (!hasPlan(statement)) return NO_PLAN;
    const answer = await this.#ask({ type: 'explain', statement }, { timeoutMs, signal });
    if (answer.type !== 'explain') throw this.#unexpected(answer);
    return explanation(answer);
  }

  async transport(): Promise<Transport> {
    return NO_NETWORK;
  }

  async close(): Promise<void> {
    this.#pool.close();
    await this.#engine.onClose?.();
  }

  async #openWorker(signal: AbortSignal): Promise<WorkerProcess> {
    const worker = new WorkerProcess(this.#engine.program, this.#path);
    const { preparation } = this.#engine;
    if (preparation === undefined) return worker;
    try {
      const answer = await new WorkerCall(worker, { timeoutMs: preparation.timeoutMs, signal }).run({ type: 'ping' });
      if (answer.type !== 'ping') throw this.#unexpected(answer);
      preparation.onReady(answer);
      return worker;
    } catch (error) {
      worker.destroy();
      throw error;
    }
  }

  async #ask(request: WorkerRequest, options: ConstructorParameters<typeof WorkerCall>[1]): Promise<FinalAnswer> {
    return await this.#withWorker(options.signal, (worker) => new WorkerCall(worker, options).run(request));
  }

  async #withWorker<T>(signal: AbortSignal, use: (worker: WorkerProcess) => Promise<T>): Promise<T> {
    const { resource } = await this.#pool.acquire(signal);
    try {
      return await use(resource);
    } finally {
      this.#pool.release(resource);
    }
  }

  async #runOn(worker: WorkerProcess, options: RunOptions, sink: RowSink): Promise<RunEnd> {
    const { statement, limits, masks, maskKey, signal } = options;
    const outlet = new RowOutlet(sink, { onFree: () => call.resume(), onRefused: (error) => call.fail(error) });
    const call = new WorkerCall(worker, {
      timeoutMs: limits.timeoutMs,
      signal,
      onInterim: (answer) => {
        if (answer.type !== 'columns') return;
        try {
          sink.columns(answer.columns);
        } catch (error) {
          call.fail(error);
        }
      },
      onRows: (chunk) => {
        outlet.push(chunk);
        return !outlet.blocked;
      },
    });
    try {
      const answer = await call.run({
        type: 'run',
        statement,
        rows: limits.rows,
        bytes: limits.bytes,
        masks,
        maskKey: masks.length === 0 ? '' : maskKey.toString('base64'),
      });
      if (answer.type !== 'run') throw this.#unexpected(answer, limits.bytes);
      return { rows: answer.rows, truncated: answer.truncated };
    } finally {
      outlet.close();
    }
  }

  /** The failure an answer stands for; any other type than the request's own cannot come. */
  #unexpected(answer: FinalAnswer, maxBytes = 0): Error {
    if (answer.type === 'failed') return this.#engine.toError(answer.failure, { path: this.#path, maxBytes });
    return new Error(`The worker answered with ${answer.type}.`);
  }
}

/** For its own name's sake, or for that of a table whose rows it may show. */
function isSkipped({ schema, table, column, reads }: FindCandidate, skip: FindOptions['skip']): boolean {
  return (
    skip({ schema, name: table }, column) ||
    reads.some((read) => skip({ schema: read.schema, name: read.name }, read.column ?? '*'))
  );
}
