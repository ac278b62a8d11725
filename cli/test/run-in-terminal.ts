import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { COMMAND, type Sandbox } from './run-command.ts';

export interface TerminalRun {
  /** Everything the terminal was sent so far. */
  output(): string;
  /** Resolves once the terminal shows this. */
  shows(text: string): Promise<void>;
  type(keys: string): void;
  readonly ended: Promise<number | null>;
}

interface TerminalOptions {
  readonly args: readonly string[];
  readonly columns: number;
  readonly sandbox: Sandbox;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs the real command on a pseudo-terminal of its own, made by script(1), which every Debian has. */
export function runInTerminal({ args, columns, sandbox }: TerminalOptions): TerminalRun {
  const command = `stty cols ${columns} rows 24; exec ${[...COMMAND, ...args].map(quoted).join(' ')}`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: sandbox.directory,
    env: { TERM: 'xterm-256color', SHELL: '/bin/sh', ...sandbox.env },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  return {
    output: () => output,
    shows: (text) => shown(child, () => output.includes(text)),
    type: (keys) => void child.stdin.write(keys),
    ended: once(child, 'close').then(() => child.exitCode),
  };
}

async function shown(child: ChildProcessWithoutNullStreams, isShown: () => boolean): Promise<void> {
  while (!isShown()) await once(child.stdout, 'data', { signal: AbortSignal.timeout(10_000) });
}
