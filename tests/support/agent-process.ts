import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A shell's child and all that it starts, told to stop together, as a service manager does. */
export class AgentProcess {
  readonly #child: ChildProcess;
  readonly #connected: Promise<void>;

  constructor(
    command: readonly [string, ...string[]],
    options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
  ) {
    const [program, ...args] = command;
    this.#child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    this.#connected = new Promise((resolve, reject) => {
      this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Connected (')) resolve();
      });
      this.#child.on('exit', () => reject(new Error(`It ended:\n${output}`)));
    });
  }

  connected(): Promise<void> {
    return this.#connected;
  }

  async stop(): Promise<void> {
    const { pid, exitCode } = this.#child;
    if (pid === undefined || exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    process.kill(-pid, 'SIGTERM');
    await gone;
  }
}
