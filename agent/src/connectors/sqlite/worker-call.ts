import { canceled, timedOut } from '../run-errors.ts';
import type { WorkerProcess } from './worker-process.ts';
import type { FinalAnswer, InterimAnswer, WorkerRequest } from './worker-protocol.ts';

interface CallOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onInterim?: (answer: InterimAnswer) => void;
  /** Returns false to be given nothing until the worker is resumed. */
  readonly onRows?: (chunk: Buffer) => boolean;
}

/** One request to a worker. What ends it early, a timeout, an abort or `fail`, ends the worker. */
export class WorkerCall {
  readonly #worker: WorkerProcess;
  readonly #options: CallOptions;
  readonly #ended = Promise.withResolvers<FinalAnswer>();
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
        onRows: (chunk) => onRows?.(chunk) ?? true,
        onExit: (error) => this.#ended.reject(error),
        onAnswer: (answer) => {
          if (answer.type === 'columns' || answer.type === 'hits') onInterim?.(answer);
          else this.#ended.resolve(answer);
        },
      });
      return await this.#ended.promise;
    } finally {
      this.#finished = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.#worker.finish();
    }
  }

  fail(error: unknown): void {
    if (this.#finished) return;
    this.#ended.reject(error);
    this.#worker.destroy();
  }

  /** Reads on after onRows returned false. */
  resume(): void {
    if (!this.#finished) this.#worker.resume();
  }
}
