import { CustardError } from '#core/errors.ts';
import { canceled, rowTooLarge, timedOut } from '../run-errors.ts';
import {
  BACKEND,
  type Field,
  readDataRow,
  readErrorResponse,
  readRowDescription,
  type ServerError,
  TRANSACTION_IDLE,
} from './backend-messages.ts';
import { brokenProtocol, connectionLost, fromServerError } from './errors.ts';
import { readOnlyBatch } from './frontend-messages.ts';
import type { Session } from './session.ts';
import { transactionSetup } from './transaction-setup.ts';

/** BEGIN and the setup query come before anything else; each ends with CommandComplete. */
const SETUP_COMMANDS = 2;
/** After a cancel request the statement gets so long to end before the connection is cut. */
const CANCEL_GRACE_MS = 800;
/** Asked again after so long: while it compiles a costly statement (JIT), a server loses the request. */
const CANCEL_AGAIN_MS = 100;
/** The server's own statement_timeout is given so long to fire before ours does. */
const SERVER_TIMEOUT_GRACE_MS = 200;

/** Where the results of one statement go. Both may return false to be called no more until `resume`. */
export interface ResultReceiver {
  fields(fields: readonly Field[]): boolean;
  /** A DataRow's body is buffer[start, end), valid during the call only. */
  row(buffer: Buffer, start: number, end: number): boolean;
  /** Nothing more has come for now. */
  pause?(): void;
}

/** A query of ours in the same transaction, before the statement. */
export interface Preliminary {
  readonly statement: string;
  readonly parameters: readonly string[];
  /** Each of its rows, in the server's text form. */
  row(values: readonly (string | null)[]): void;
}

export interface ExchangeOptions {
  readonly before?: Preliminary;
  readonly statement: string;
  readonly parameters?: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Why the rest of a statement is of no interest: an error to fail with, or simply enough rows. */
type StopReason = { readonly kind: 'enough' } | { readonly kind: 'failed'; readonly error: unknown };

/** One statement on one session, from the batch that is sent to the last ReadyForQuery. Used once. */
export class Exchange {
  readonly #session: Session;
  readonly #receiver: ResultReceiver;
  readonly #options: ExchangeOptions;
  readonly #startedAt = performance.now();
  readonly #ended = Promise.withResolvers<void>();
  readonly #timer: NodeJS.Timeout;
  readonly #commandsBefore: number;
  #commands = 0;
  #readies = 0;
  #failure: ServerError | undefined;
  #stop: StopReason | undefined;
  #cancelSent: Promise<void> | undefined;
  #cancelAgain: NodeJS.Timeout | undefined;
  #finished = false;

  constructor(session: Session, receiver: ResultReceiver, options: ExchangeOptions) {
    this.#session = session;
    this.#receiver = receiver;
    this.#options = options;
    this.#commandsBefore = SETUP_COMMANDS + (options.before === undefined ? 0 : 1);
    const { timeoutMs } = options;
    this.#timer = setTimeout(() => this.fail(timedOut(timeoutMs)), timeoutMs + SERVER_TIMEOUT_GRACE_MS);
  }

  /** Resolves when the server has ended the transaction; the session is then free again, or no longer usable. */
  async run(): Promise<void> {
    const { before, statement, parameters, timeoutMs, signal } = this.#options;
    const abort = () => this.fail(canceled(signal.reason));
    signal.addEventListener('abort', abort);
    try {
      if (signal.aborted) throw canceled(signal.reason);
      // It would end the text within the message, and what follows would be read as something else.
      if (statement.includes('\0')) throw nulInStatement();
      const setup = transactionSetup(timeoutMs, {
        serverVersion: this.#session.parameters.get('server_version'),
        searchPath: this.#session.searchPath,
      });
      this.#session.send(readOnlyBatch({ setup, before, statement, parameters }), {
        onMessage: (type, buffer, start, end) => this.#message(type, buffer, start, end),
        onPause: () => this.#receiver.pause?.(),
        onHugeRow: () => this.fail(rowTooLarge()),
        onLost: (cause) => this.#lost(cause),
      });
      await this.#ended.promise;
    } finally {
      clearTimeout(this.#timer);
      clearTimeout(this.#cancelAgain);
      signal.removeEventListener('abort', abort);
      this.#finished = true;
      this.#session.finish();
    }
  }

  /** Reads on after the receiver returned false. */
  resume(): void {
    if (!this.#finished) this.#session.resume();
  }

  /** The receiver has all the rows it wants: the server is told to stop, and what is still under way is thrown away. */
  enough(): void {
    this.#stopWith({ kind: 'enough' });
  }

  /** The same, and `run` rejects with the error. */
  fail(error: unknown): void {
    this.#stopWith({ kind: 'failed', error });
  }

  #stopWith(reason: StopReason): void {
    if (this.#stop !== undefined || this.#finished) return;
    this.#stop = reason;
    this.#askToCancel();
    const cut = setTimeout(() => {
      this.#session.destroy();
      this.#lost(undefined);
      void this.#session.cancelLate();
    }, CANCEL_GRACE_MS);
    void this.#ended.promise.catch(() => undefined).finally(() => clearTimeout(cut));
    this.#session.resume();
  }

  /** A server that cannot be asked is left by cutting the connection, and so is one that does not listen. */
  #askToCancel(): void {
    this.#cancelSent = this.#session.cancel(CANCEL_GRACE_MS).then(
      () => {
        if (this.#readies > 0 || this.#finished) return;
        this.#cancelAgain = setTimeout(() => this.#askToCancel(), CANCEL_AGAIN_MS);
      },
      () => this.#session.destroy(),
    );
  }

  #message(type: number, buffer: Buffer, start: number, end: number): boolean {
    if (this.#readies > 0) return this.#closing(type, buffer[start]);
    switch (type) {
      case BACKEND.dataRow:
        if (this.#stop !== undefined || this.#commands < SETUP_COMMANDS) return true;
        if (this.#commands < this.#commandsBefore) return this.#preliminaryRow(buffer, start);
        return this.#receiver.row(buffer, start, end) || this.#stop !== undefined;
      case BACKEND.rowDescription:
        return this.#stop !== undefined || this.#receiver.fields(readRowDescription(buffer, start));
      case BACKEND.noData:
        return this.#stop !== undefined || this.#receiver.fields([]);
      case BACKEND.commandComplete:
        this.#commands++;
        return true;
      case BACKEND.errorResponse:
        this.#failure ??= readErrorResponse(buffer, start, end);
        return true;
      case BACKEND.readyForQuery:
        this.#readies++;
        clearTimeout(this.#cancelAgain);
        return true;
      case BACKEND.copyInResponse:
      case BACKEND.copyBothResponse:
        // The server now waits for data that will never come; throwing ends the session.
        throw new Error('The statement began a COPY.');
      default:
        return true;
    }
  }

  #preliminaryRow(buffer: Buffer, start: number): boolean {
    this.#options.before?.row(readDataRow(buffer, start));
    return true;
  }

  /** The first ReadyForQuery ends the pipeline, the second the ROLLBACK with what it sets free. */
  #closing(type: number, transaction: number | undefined): boolean {
    // A cancel request that came late has met the closing itself: who knows what it left undone.
    if (type === BACKEND.errorResponse && this.#cancelSent !== undefined) this.#session.destroy();
    if (type === BACKEND.readyForQuery) this.#ready(transaction);
    return true;
  }

  #ready(transaction: number | undefined): void {
    this.#readies++;
    this.#session.finish();
    if (transaction !== TRANSACTION_IDLE) this.#session.destroy();
    // A cancel request still on its way must not meet the session's next statement.
    if (this.#cancelSent === undefined) this.#end();
    else void this.#cancelSent.then(() => this.#end());
  }

  #end(): void {
    const error = this.#outcome();
    if (error === undefined) this.#ended.resolve();
    else this.#ended.reject(error);
  }

  #outcome(): unknown {
    if (this.#stop !== undefined) return this.#stop.kind === 'failed' ? this.#stop.error : undefined;
    if (this.#failure === undefined) return undefined;
    const { timeoutMs, statement } = this.#options;
    const error = fromServerError(this.#failure, statement);
    // 57014 is both a timeout and a cancel; we asked for no cancel, so the clock tells.
    const late = performance.now() - this.#startedAt >= timeoutMs;
    return error.code === 'QUERY_CANCELED' && late ? timedOut(timeoutMs, this.#failure) : error;
  }

  #lost(cause: unknown): void {
    if (this.#stop !== undefined || this.#failure !== undefined) {
      this.#end();
      return;
    }
    // Where only the network failed, the statement runs on.
    void this.#session.cancelLate();
    this.#ended.reject(cause instanceof RangeError ? brokenProtocol(cause) : connectionLost(cause));
  }
}

const nulInStatement = (): CustardError =>
  new CustardError('STATEMENT_INVALID', 'A statement cannot hold a NUL character.', { hint: 'Take it out.' });
