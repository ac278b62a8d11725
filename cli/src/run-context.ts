import type { Readable, Writable } from 'node:stream';
import type { Environment } from './config/directories.ts';
import { Interruption } from './interruption.ts';

/** What a command has of the world around it. */
export interface RunContext {
  readonly env: Environment;
  readonly directory: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly interruption: Interruption;
}

export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export function processContext(): RunContext {
  return {
    env: process.env,
    directory: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    interruption: new Interruption(),
  };
}
