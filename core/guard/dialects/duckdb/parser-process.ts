import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { workerEntry } from './worker-entry.ts';

/** The pipe's place among the child's files. */
const PIPE_FD = 3;
/** The tree of 64 KiB of SQL is some 10 MB. */
const MAX_ANSWER_CHARACTERS = 64 * 1024 * 1024;
/** What Node and the dynamic linker need of our environment; the rest, secrets among it, is not the child's. */
const ENVIRONMENT = ['PATH', 'TMPDIR', 'LD_LIBRARY_PATH', 'SystemRoot'];

interface Listener {
  readonly onLine: (line: string) => void;
  /** It ended, or will not answer any more. Told once. */
  readonly onExit: () => void;
}

/** One process with DuckDB's parser (duckdb-parser-worker.ts). It does not keep this one alive unless told to. */
export class ParserProcess {
  readonly #child: ChildProcess;
  readonly #pipe: Socket | null;
  readonly #listener: Listener;
  readonly #decoder = new StringDecoder('utf8');
  #pending: string[] = [];
  #pendingLength = 0;
  #isOver = false;

  constructor(listener: Listener) {
    this.#listener = listener;
    const env = Object.fromEntries(
      ENVIRONMENT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    );
    this.#child = spawn(process.execPath, ['--max-old-space-size=256', workerEntry()], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      // Ctrl-C is ours to handle; the child ends when its pipe does.
      detached: true,
      env,
    });
    const pipe: unknown = this.#child.stdio[PIPE_FD];
    this.#pipe = pipe instanceof Socket ? pipe : null;
    this.#pipe?.on('data', (chunk: Buffer) => this.#read(chunk));
    // Writing to a child that has just died fails; its exit says what there is to say.
    this.#pipe?.on('error', () => undefined);
    this.#child.on('error', () => this.#exited());
    this.#child.on('close', () => this.#exited());
    this.keepAlive(false);
  }

  send(statement: string): void {
    this.#pipe?.write(`${JSON.stringify(statement)}\n`);
  }

  /** Whether the program waits for this child before it ends. */
  keepAlive(isNeeded: boolean): void {
    if (isNeeded) {
      this.#child.ref();
      this.#pipe?.ref();
    } else {
      this.#child.unref();
      this.#pipe?.unref();
    }
  }

  /** Without a word to the listener. */
  destroy(): void {
    this.#isOver = true;
    this.#pipe?.destroy();
    this.#child.kill('SIGKILL');
    this.#child.unref();
  }

  #read(chunk: Buffer): void {
    const lines = this.#decoder.write(chunk).split('\n');
    for (const [index, text] of lines.entries()) {
      this.#pending.push(text);
      this.#pendingLength += text.length;
      if (index === lines.length - 1) break;
      const line = this.#pending.join('');
      this.#pending = [];
      this.#pendingLength = 0;
      if (!this.#isOver) this.#listener.onLine(line);
    }
    if (this.#pendingLength > MAX_ANSWER_CHARACTERS) this.#child.kill('SIGKILL');
  }

  #exited(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.onExit();
  }
}
