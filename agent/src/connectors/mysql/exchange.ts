import { CustardError } from '#core/errors.ts';
import { canceled, rowTooLarge, timedOut } from '../run-errors.ts';
import { Command, type ResultReceiver } from './command.ts';
import { fromServerError } from './errors.ts';
import { queryPacket, resetPacket, type ServerError } from './packets.ts';
import type { Session } from './session.ts';
import { BEGIN, sessionSetup } from './session-setup.ts';

/** After it was killed a statement gets so long to end before the connection is cut. */
const KILL_GRACE_MS = 800;
/** The server's own time limit is given so long to fire before ours does. */
const SERVER_TIMEOUT_GRACE_MS = 200;

/** A query of ours in the same transaction, before the statement. */
export interface Preliminary {
  readonly statement: string;
  readonly receiver: ResultReceiver;
}

export interface ExchangeOptions {
  readonly before?: Preliminary;
  readonly statement: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Why the rest of a statement is of no interest: an error to fail with, or simply enough rows. */
type StopReason = { readonly kind: 'enough' } | { readonly kind: 'failed'; readonly error: unknown };

/**
 * One statement on one session, from the settings to the reset that ends its transaction and whatever else it may have
 * left in the session (variables, locks, temporary tables). Used once.
 */
export class Exchange {
  readonly #session: Session;
  readonly #receiver: ResultReceiver;
  readonly #options: ExchangeOptions;
  #stop: StopReason | undefined;
  #killed: Promise<void> | undefined;
  #cut: NodeJS.Timeout | undefined;
  #isUnderWay = true;
  /** What answers without columns is no read, and may have done to the session what no reset takes back: USE. */
  #isSpoilt = false;

  constructor(session: Session, receiver: ResultReceiver, options: ExchangeOptions) {
    this.#session = session;
    this.#receiver = receiver;
    this.#options = options;
  }

  /** Resolves when the server has ended the transaction; the session is then free again, or no longer usable. */
  async run(): Promise<void> {
    const { timeoutMs, signal } = this.#options;
    if (signal.aborted) throw canceled(signal.reason);
    if (this.#options.statement.includes('\0')) throw nulInStatement();
    const timer = setTimeout(() => this.fail(timedOut(timeoutMs)), timeoutMs + SERVER_TIMEOUT_GRACE_MS);
    const abort = () => this.fail(canceled(signal.reason));
    signal.addEventListener('abort', abort);
    try {
      const error = await this.#commands();
      await this.#killed;
      this.#isUnderWay = false;
      await this.#reset();
      if (error !== null && this.#stop === undefined) throw error;
    } catch (error) {
      if (this.#stop === undefined) throw error;
    } finally {
      this.#isUnderWay = false;
      clearTimeout(timer);
      clearTimeout(this.#cut);
      signal.removeEventListener('abort', abort);
      this.#session.finish();
    }
    if (this.#stop?.kind === 'failed') throw this.#stop.error;
  }

  /** Reads on after the receiver returned false. */
  resume(): void {
    if (this.#isUnderWay) this.#session.resume();
  }

  /** The receiver has all the rows it wants: the server is told to stop, and what is still under way is thrown away. */
  enough(): void {
    this.#stopWith({ kind: 'enough' });
  }

  /** The same, and `run` rejects with the error. */
  fail(error: unknown): void {
    this.#stopWith({ kind: 'failed', error });
  }

  async #commands(): Promise<unknown> {
    const { before, statement, timeoutMs } = this.#options;
    for (const command of [sessionSetup(timeoutMs, this.#session.server), BEGIN]) {
      const error = await this.#command(command, NOTHING);
      if (error !== null) return fromServerError(error);
      if (this.#stop !== undefined) return null;
    }
    if (before !== undefined) {
      const error = await this.#command(before.statement, before.receiver);
      if (error !== null) return this.#translated(error);
    }
    if (this.#stop !== undefined) return null;
    const error = await this.#command(statement, {
      fields: (fields) => {
        this.#isSpoilt = fields.length === 0;
        return this.#receiver.fields(fields);
      },
      row: (buffer, start, end) => this.#receiver.row(buffer, start, end),
      pause: () => this.#receiver.pause?.(),
    });
    return error === null ? null : this.#translated(error, statement);
  }

  async #command(text: string, receiver: ResultReceiver): Promise<ServerError | null> {
    return await new Command(this.#session, {
      fields: (fields) => this.#stop !== undefined || receiver.fields(fields) || this.#stop !== undefined,
      row: (buffer, start, end) =>
        this.#stop !== undefined || receiver.row(buffer, start, end) || this.#stop !== undefined,
      pause: () => receiver.pause?.(),
      hugeRow: () => this.fail(rowTooLarge()),
    }).run(queryPacket(text));
  }

  #translated(error: ServerError, statement?: string): CustardError {
    const translated = fromServerError(error, statement);
    return TIME_LIMIT_CODES.has(error.code) ? timedOut(this.#options.timeoutMs, error) : translated;
  }

  /** A server (or a proxy) that cannot do it, or says that something went wrong, is left. */
  async #reset(): Promise<void> {
    if (!this.#session.usable) return;
    this.#cut ??= setTimeout(() => this.#session.destroy(), KILL_GRACE_MS);
    const error = await new Command(this.#session, NOTHING).run(resetPacket()).catch(() => 'lost' as const);
    if (error !== null || this.#isSpoilt) this.#session.destroy();
  }

  #stopWith(reason: StopReason): void {
    if (this.#stop !== undefined || !this.#isUnderWay) return;
    this.#stop = reason;
    // A server that cannot be asked is left by cutting the connection, and so is one that does not listen.
    this.#killed = this.#session.kill(KILL_GRACE_MS).catch(() => this.#session.destroy());
    this.#cut = setTimeout(() => this.#session.destroy(), KILL_GRACE_MS);
    this.#session.resume();
  }
}

/** max_statement_time (MariaDB), max_execution_time (MySQL). */
const TIME_LIMIT_CODES: ReadonlySet<number> = new Set([1969, 3024]);

const NOTHING: ResultReceiver = { fields: () => true, row: () => true };

const nulInStatement = (): CustardError =>
  new CustardError('STATEMENT_INVALID', 'A statement cannot hold a NUL character.', { hint: 'Take it out.' });
