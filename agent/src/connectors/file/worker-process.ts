import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { CustardError } from '#core/errors.ts';
import { MessageSplitter } from '../message-splitter.ts';
import type { Poolable } from '../pool.ts';
import { MESSAGE, PIPE_FD, type WorkerAnswer, type WorkerRequest } from './worker-protocol.ts';

/** A schema of thousands of tables in one answer. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
/** The end of what a crashing worker wrote, for the error's cause. */
const MAX_STDERR_CHARACTERS = 2_000;
/** What Node needs of our environment; the rest, secrets among it, is not the worker's. */
const ENVIRONMENT = ['TZ', 'TMPDIR', 'PATH', 'LD_LIBRARY_PATH', 'SystemRoot'];

/** The program of an engine's worker. */
export interface WorkerProgram {
  /** What the user calls the engine. */
  readonly engine: string;
  /** Its file; started with the database's path and this process's id. */
  readonly entry: string;
  readonly flags: readonly string[];
  /** Of our environment, what the engine needs besides Node. */
  readonly environment: readonly string[];
  /** Whether it listens while a statement runs, and can end it. */
  readonly canInterrupt: boolean;
}

export interface WorkerReceiver {
  readonly onAnswer: (answer: WorkerAnswer) => void;
  /** Row lines, a chunk; the receiver owns it. Returns false to be given nothing until `resume`. */
  readonly onRows: (chunk: Buffer) => boolean;
  readonly onExit: (error: CustardError) => void;
}

/** One worker process with the file open, for one request at a time. */
export class WorkerProcess implements Poolable {
  readonly #program: WorkerProgram;
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #splitter: MessageSplitter;
  #receiver: WorkerReceiver | undefined;
  #usable = true;
  #stderr = '';

  constructor(program: WorkerProgram, path: string) {
    this.#program = program;
    const names = [...ENVIRONMENT, ...program.environment];
    const env = Object.fromEntries(
      names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    );
    this.#child = spawn(process.execPath, [...program.flags, program.entry, path, String(process.pid)], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      // Ctrl-C is ours to handle: it must not end the worker before the query is seen as canceled.
      detached: true,
      env,
    });
    this.#splitter = new MessageSplitter(
      (type, buffer, start, end) => this.#message(type, buffer.subarray(start, end)),
      (_type, bytes) => {
        if (bytes > MAX_ANSWER_BYTES) throw new RangeError('A message of impossible length.');
      },
    );
    this.#pipe = pipeOf(this.#child, program.engine);
    this.#pipe.on('data', (chunk: Buffer) => this.#read(chunk));
    // Writing to a worker that has just died fails; its exit says what there is to say.
    this.#pipe.on('error', () => undefined);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_STDERR_CHARACTERS);
    });
    this.#child.on('error', (cause) => this.#exited(cause));
    this.#child.on('close', () => this.#exited(new Error(this.#stderr)));
  }

  get usable(): boolean {
    return this.#usable;
  }

  send(request: WorkerRequest, receiver: WorkerReceiver): void {
    this.#receiver = receiver;
    if (!this.#usable) process.nextTick(() => this.#exited(new Error(this.#stderr)));
    this.#write(request);
  }

  finish(): void {
    this.#receiver = undefined;
  }

  resume(): void {
    this.#splitter.resume();
    if (!this.#splitter.stopped) this.#pipe.resume();
  }

  /** Asks it to end its statement, after which it answers. False where it cannot. */
  interrupt(): boolean {
    if (!this.#program.canInterrupt || !this.#usable) return false;
    this.#write({ type: 'interrupt' });
    return true;
  }

  /** Ends a statement wherever it is. It only reads, so nothing is left half done. */
  destroy(): void {
    this.#usable = false;
    this.#child.kill('SIGKILL');
  }

  #write(request: WorkerRequest): void {
    this.#pipe.write(`${JSON.stringify(request)}\n`);
  }

  #read(chunk: Buffer): void {
    this.#splitter.push(chunk);
    if (this.#splitter.stopped) this.#pipe.pause();
  }

  #message(type: number, body: Buffer): boolean {
    if (type === MESSAGE.rows) {
      // Memory of its own, not a piece of Node's pool: it is the receiver's, to do with as it likes.
      const chunk = Buffer.allocUnsafeSlow(body.length);
      body.copy(chunk);
      return this.#receiver?.onRows(chunk) ?? true;
    }
    // Written by the same program at the other end of a pipe: not parsed a second time.
    this.#receiver?.onAnswer(JSON.parse(body.toString()));
    return true;
  }

  #exited(cause: Error): void {
    this.#usable = false;
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.onExit(
      new CustardError(
        'DATABASE_UNREACHABLE',
        `The process that reads the ${this.#program.engine} file ended unexpectedly.`,
        {
          hint: 'It may have run out of memory. Run the query again, or ask for less.',
          cause,
        },
      ),
    );
  }
}

function pipeOf(child: ChildProcess, engine: string): Duplex {
  const pipe: unknown = child.stdio[PIPE_FD];
  if (pipe instanceof Duplex) return pipe;
  throw new CustardError('INTERNAL', `The process that reads ${engine} files could not be started.`);
}
