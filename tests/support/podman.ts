import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Finished } from './programs.ts';

const BUILD_IMAGES = fileURLToPath(new URL('../../scripts/servers/build-images', import.meta.url));
/** On a fresh machine: programs from Debian, the bases, npm ci, and both images, on two cores that test meanwhile. */
export const BUILD_LIMIT_MS = 900_000;
const COMMAND_LIMIT_MS = 60_000;

type Result = Pick<Finished, 'code' | 'stdout' | 'stderr'>;

/**
 * Podman with a store of its own that holds the two images, freshly built; all of it is gone at the end.
 * CUSTARD_TEST_CONTAINERS names a store that scripts/servers/build-images made before, which is used as it is.
 */
export class Podman implements AsyncDisposable {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #kept: boolean;

  private constructor(folder: string, { kept = false } = {}) {
    this.folder = folder;
    this.#kept = kept;
    const shims = join(folder, 'bin');
    this.env = {
      ...process.env,
      PATH: `${shims}:${process.env['PATH']}`,
      CONTAINERS_CONF: join(folder, 'containers.conf'),
      CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    };
  }

  static async withImages(): Promise<Podman> {
    const built = process.env['CUSTARD_TEST_CONTAINERS'];
    if (built !== undefined) return new Podman(built, { kept: true });
    const podman = new Podman(await mkdtemp(join(tmpdir(), 'custard-containers-')));
    try {
      const { code, stderr } = await run(BUILD_IMAGES, [podman.folder], { env: process.env, limitMs: BUILD_LIMIT_MS });
      if (code !== 0) throw new Error(stderr);
      return podman;
    } catch (error) {
      await podman[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A program on PATH for what runs with `env`: a line or two of shell. */
  async addProgram(name: string, script: string): Promise<void> {
    await mkdir(join(this.folder, 'bin'), { recursive: true });
    await writeFile(join(this.folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  try(args: readonly string[]): Promise<Result> {
    return run('podman', args, { env: this.env, limitMs: COMMAND_LIMIT_MS });
  }

  /** What it prints; an error with what it says where it fails. */
  async run(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(args);
    if (code !== 0) throw new Error(`podman ${args.join(' ')}: status ${code}\n${stderr}${stdout}`);
    return stdout.trim();
  }

  /** JavaScript inside a running container; the images have nothing else to look around with. */
  evaluate(container: string, script: string): Promise<Result> {
    return this.try(['exec', container, '/usr/local/bin/node', '-e', script]);
  }

  /** Whether the image's own health check passes. */
  async isHealthy(container: string): Promise<boolean> {
    return (await this.try(['healthcheck', 'run', container])).code === 0;
  }

  async until(what: string, container: string, look: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + COMMAND_LIMIT_MS;
    while (performance.now() < deadline) {
      if (await look()) return;
      await delay(100);
    }
    const { stdout, stderr } = await this.try(['logs', container]);
    throw new Error(`${container}: not ${what} in time.\n${stdout}${stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (existsSync(join(this.folder, 'store'))) {
      await this.try(['pod', 'rm', '--all', '--force', '--time', '0']);
      await this.try(['rm', '--all', '--force', '--time', '0']);
      await this.try(['volume', 'rm', '--all', '--force']);
      if (this.#kept) return;
      await this.try(['system', 'reset', '--force']);
    }
    // Podman leaves what others mounted meanwhile; nobody did.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs: number;
  readonly cwd?: string;
}

export function run(program: string, args: readonly string[], { env, limitMs, cwd }: RunOptions): Promise<Result> {
  return new Promise((resolve) => {
    const options = { env, cwd, timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 1 << 24 } as const;
    const child = execFile(program, args, options, (error, stdout, stderr) =>
      resolve({
        code: error === null ? 0 : (child.exitCode ?? -1),
        stdout,
        stderr: error === null ? stderr : `${stderr}${error.message}`,
      }),
    );
  });
}
