import type { Readable, Writable } from 'node:stream';
import type { Environment } from './config/directories.ts';
import { Interruption } from './interruption.ts';

/** The world around the program, instead of the process's globals. */
export interface Surroundings {
  readonly env: Environment;
  readonly directory: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly interruption: Interruption;
}

/** What a command runs in. */
export interface RunContext extends Surroundings {
  /** Custard's own. */
  readonly version: string;
}

export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export function processSurroundings(): Surroundings {
  return {
    env: process.env,
    directory: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    interruption: new Interruption(),
  };
}
