import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), 'run-from-source.ts');

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Sandbox extends AsyncDisposable {
  /** Empty at first; the command's working folder, with its home in `home`. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A folder and an environment of the test's own, so that nothing of this machine's user is read or written. */
export async function createSandbox(env: NodeJS.ProcessEnv = {}): Promise<Sandbox> {
  const directory = await mkdtemp(join(tmpdir(), 'custard-cli-'));
  return {
    directory,
    env: {
      PATH: process.env['PATH'],
      HOME: join(directory, 'home'),
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      ...KEYRING_OFF,
      ...env,
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Nor anything in the keyring of whoever runs the tests. */
const KEYRING_OFF = { CUSTARD_KEYRING: 'off' };

/** The arguments that start the command, for tests that spawn it in a way of their own. */
export const COMMAND = [process.execPath, SOURCE] as const;

/** Runs the real command to its end, off a terminal. */
export function runCommand(args: readonly string[], sandbox: Sandbox, input = ''): Promise<CommandResult> {
  const child = spawn(COMMAND[0], [COMMAND[1], ...args], { cwd: sandbox.directory, env: sandbox.env });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...output }));
  });
}
