import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CUSTARD = fileURLToPath(new URL('../../cli/bin/run.js', import.meta.url));
/** Nothing a test starts may outlive this. */
const LIMIT_MS = 60_000;

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

/** A `custard` process of its own; its output is kept whole. */
export class Program {
  readonly child: ChildProcess;
  readonly #started = performance.now();
  readonly #ended: Promise<[number | null, NodeJS.Signals | null]>;
  #stdout = '';
  #stderr = '';
  #wake: (() => void)[] = [];

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, { input = '' }: { readonly input?: string } = {}) {
    this.child = spawn(process.execPath, [CUSTARD, ...args], { env, stdio: 'pipe' });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#notify();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#notify();
    });
    this.child.stdin?.on('error', () => undefined); // ended without reading: its exit tells
    this.child.stdin?.end(input);
    this.#ended = once(this.child, 'close').then(([code, signal]) => {
      this.#notify();
      return [code, signal];
    });
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves with what `look` finds in all output so far, looked for anew at each output. */
  async until<T>(what: string, look: (output: string) => T | null | undefined): Promise<T> {
    const late = setTimeout(() => this.kill('SIGKILL'), LIMIT_MS);
    try {
      for (;;) {
        const found = look(this.#stderr + this.#stdout);
        if (found !== null && found !== undefined) return found;
        if (!this.running) throw new Error(`Ended before ${what}:\n${this.#stderr}${this.#stdout}`);
        await new Promise<void>((resolve) => this.#wake.push(resolve));
      }
    } finally {
      clearTimeout(late);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async finished(): Promise<Finished> {
    const late = setTimeout(() => this.kill('SIGKILL'), LIMIT_MS);
    const [code, signal] = await this.#ended;
    clearTimeout(late);
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr, elapsedMs: performance.now() - this.#started };
  }

  async stop(): Promise<void> {
    this.kill('SIGTERM');
    await this.finished();
  }

  #notify(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const resolve of waiting) resolve();
  }
}
