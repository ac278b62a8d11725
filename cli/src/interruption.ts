import { CustardError } from '#core/errors.ts';
import { outputFailed } from './output/output-failed.ts';

/** Why a command was ended from outside, and the exit status that says so (128 + signal's number). */
export type InterruptionCause = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';
const EXIT_STATUS: Readonly<Record<InterruptionCause, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGPIPE: 141,
  SIGTERM: 143,
};

/** Time for the statement to be cancelled in the database before this process ends all the same. */
const CLEAN_UP_MS = 3_000;

/**
 * Signals and a closed standard output, as one AbortSignal for everything that is under way. The
 * first one cancels; a second one, or clean-up that takes too long, ends the process.
 */
export class Interruption {
  readonly #controller = new AbortController();
  #cause: InterruptionCause | null = null;
  #cleanUpMs = CLEAN_UP_MS;
  #drained = false;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get cause(): InterruptionCause | null {
    return this.#cause;
  }

  /** Standard output takes no more data, for another reason than a reader that is gone. */
  get isOutputBroken(): boolean {
    return this.#cause === null && this.signal.aborted;
  }

  get exitStatus(): number | null {
    if (this.#cause === null || (this.#drained && this.#cause === 'SIGTERM')) return null;
    return EXIT_STATUS[this.#cause];
  }

  /**
   * For a program that runs until it is told to stop: it has stopped as it should. What SIGTERM asked for is done
   * then, and status 0 says so to systemd and Kubernetes, which take 143 for a failure.
   */
  drained(): void {
    this.#drained = true;
  }

  /** For a program that drains before it ends. */
  allowCleanUp(ms: number): void {
    this.#cleanUpMs = ms;
  }

  /** Listens for as long as the process lives. */
  watch(target: NodeJS.Process): void {
    for (const cause of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) target.on(cause, () => this.interrupt(cause));
    // oclif's own listener throws what is not EPIPE, past everything that could tell it
    target.stdout.removeAllListeners('error');
    target.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') this.interrupt('SIGPIPE');
      else this.#controller.abort(outputFailed(error));
    });
    // Nobody is left to read what would be said about it
    target.stderr.on('error', () => undefined);
  }

  interrupt(cause: InterruptionCause): void {
    if (this.#cause !== null) {
      if (cause !== 'SIGPIPE') process.exit(EXIT_STATUS[cause]);
      return;
    }
    this.#cause = cause;
    this.#controller.abort(new CustardError('QUERY_CANCELED', 'Cancelled.'));
    setTimeout(() => process.exit(EXIT_STATUS[cause]), this.#cleanUpMs).unref();
  }
}
