import { canceled, timedOut } from '../run-errors.ts';
import type { WorkerProcess } from './worker-process.ts';
import type { FinalAnswer, InterimAnswer, WorkerRequest } from './worker-protocol.ts';

/** An engine that can be interrupted is, within this; else its process is killed. */
const INTERRUPT_MS = 250;

interface CallOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onInterim?: (answer: InterimAnswer) => void;
  /** Returns false to be given nothing until the worker is resumed. */
  readonly onRows?: (chunk: Buffer) => boolean;
}

/** One request to a worker. What ends it early, a timeout, an abort or `fail`, ends the statement, or the worker with it. */
export class WorkerCall {
  readonly #worker: WorkerProcess;
  readonly #options: CallOptions;
  readonly #ended = Promise.withResolvers<FinalAnswer>();
  /** Set once the call has failed: what the worker still says is thrown away. */
  #failed: { readonly error: unknown; readonly killer: NodeJS.Timeout } | undefined;
  #finished = false;

  constructor(worker: WorkerProcess, options: CallOptions) {
    this.#worker = worker;
    this.#options = options;
  }

  async run(request: WorkerRequest): Promise<FinalAnswer> {
    const { signal, timeoutMs, onInterim, onRows } = this.#options;
    if (signal.aborted) throw canceled(signal.reason);
    const abort = () => this.fail(canceled(signal.reason));
    const timer = setTimeout(() => this.fail(timedOut(timeoutMs)), timeoutMs);
    signal.addEventListener('abort', abort);
    try {
      this.#worker.send(request, {
        onRows: (chunk) => (this.#failed === undefined ? (onRows?.(chunk) ?? true) : true),
        onExit: (error) => this.#ended.reject(error),
        onAnswer: (answer) => {
          if (answer.type !== 'columns' && answer.type !== 'hits' && answer.type !== 'schema page')
            this.#answered(answer);
          else if (this.#failed === undefined) onInterim?.(answer);
        },
      });
      return await this.#ended.promise;
    } finally {
      this.#finished = true;
      clearTimeout(timer);
      clearTimeout(this.#failed?.killer);
      signal.removeEventListener('abort', abort);
      this.#worker.finish();
    }
  }

  fail(error: unknown): void {
    if (this.#finished || this.#failed !== undefined) return;
    if (this.#worker.interrupt()) {
      this.#failed = { error, killer: setTimeout(() => this.#kill(error), INTERRUPT_MS) };
      // It may be waiting for rows to be taken.
      this.#worker.resume();
    } else {
      this.#kill(error);
    }
  }

  /** Reads on after onRows returned false. */
  resume(): void {
    if (!this.#finished) this.#worker.resume();
  }

  #answered(answer: FinalAnswer): void {
    if (answer.type === 'failed' && answer.failure.kind === 'engine' && answer.failure.isFatal === true) {
      this.#worker.destroy();
    }
    if (this.#failed === undefined) this.#ended.resolve(answer);
    else this.#ended.reject(this.#failed.error);
  }

  #kill(error: unknown): void {
    this.#ended.reject(error);
    this.#worker.destroy();
  }
}
