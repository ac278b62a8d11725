import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ROW_PREFIX } from '#core/protocol/frames.ts';
import { readMemory } from './memory.ts';

const CUSTARD = fileURLToPath(new URL('../../cli/bin/run.js', import.meta.url));
/** A peak only ever grows, so the last reading before the end is at most this much too old. */
const MEMORY_EVERY_MS = 25;
const STDERR_KEPT = 4_000;

export type Command = readonly [program: string, ...args: string[]];

export function custard(...args: string[]): Command {
  return [process.execPath, CUSTARD, ...args];
}

/** A TypeScript file beside this one, as a program of its own. */
export function script(name: string, ...args: string[]): Command {
  return [process.execPath, fileURLToPath(new URL(name, import.meta.url)), ...args];
}

export interface Run {
  readonly elapsedMs: number;
  /** Bytes; 0 where it ended before it could be read. */
  readonly peakMemory: number;
}

/** Runs a program to its end with nobody reading its output; throws with the end of its stderr when it fails. */
export async function run([program, ...args]: Command, env: NodeJS.ProcessEnv = process.env): Promise<Run> {
  const started = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let peakMemory = 0;
  const timer = setInterval(() => {
    peakMemory = readMemory(child.pid ?? 0)?.peak ?? peakMemory;
  }, MEMORY_EVERY_MS);
  try {
    await ended(child, [program, ...args]);
    return { elapsedMs: performance.now() - started, peakMemory };
  } finally {
    clearInterval(timer);
  }
}

/** Count and SHA-256 of the row lines that a program prints. */
export async function hashRows(
  [program, ...args]: Command,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ rows: number; sha256: string }> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = ended(child, [program, ...args]);
  const hash = createHash('sha256');
  let rows = 0;
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!line.startsWith(ROW_PREFIX)) continue;
    rows++;
    hash.update(line);
  }
  await end;
  return { rows, sha256: hash.digest('hex') };
}

async function ended(child: ChildProcess, command: Command): Promise<void> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  const [code, signal] = await once(child, 'close');
  if (code === 0) return;
  const name = command.slice(1, 4).join(' ');
  throw new Error(`${name} ended with ${code ?? signal}:\n${stderr}`);
}

/** A program that goes on until it is stopped. */
export class Service {
  readonly name: string;
  readonly #child: ChildProcess;
  #output = '';

  constructor(name: string, [program, ...args]: Command, env: NodeJS.ProcessEnv) {
    this.name = name;
    this.#child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-STDERR_KEPT);
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.name} did not start.`);
    return this.#child.pid;
  }

  /** Resolves with what `look` finds, asked again and again; throws when the program ends or a minute is over. */
  async until<T>(what: string, look: (output: string) => T | null | Promise<T | null>): Promise<T> {
    const deadline = performance.now() + 60_000;
    while (this.#child.exitCode === null && performance.now() < deadline) {
      const found = await look(this.#output);
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${this.name}: waited in vain for ${what}. It said:\n${this.#output}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const end = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await end;
    clearTimeout(force);
  }
}
