import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, type FileHandle, lstat, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { OutputStream } from '../run-context.ts';
import { outputFailed } from './output-failed.ts';

/** Where a command's data goes. `write` resolves when there is room for more. */
export interface Sink {
  readonly isTerminal: boolean;
  /** Of the terminal; unbounded elsewhere. */
  readonly columns: number;
  write(chunk: string | Uint8Array): Promise<void>;
  /** Everything is written, and where it belongs. */
  close(): Promise<void>;
  /** Leaves nothing half done behind. */
  discard(): Promise<void>;
}

const NARROWEST = 40;

export function streamSink(stream: OutputStream, signal: AbortSignal): Sink {
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? Math.max(stream.columns ?? 80, NARROWEST) : Number.POSITIVE_INFINITY,
    async write(chunk) {
      signal.throwIfAborted();
      if (!stream.write(chunk)) await drained(stream, signal);
    },
    async close() {
      await new Promise<void>((resolve) => stream.write('', () => resolve()));
      signal.throwIfAborted();
    },
    async discard() {},
  };
}

async function drained(stream: OutputStream, signal: AbortSignal): Promise<void> {
  try {
    await once(stream, 'drain', { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Writes beside the file and takes its place at the end, so that nobody ever sees half of it. What is
 * not an ordinary file (a pipe, /dev/null) is written to as it is. OUTPUT_FAILED.
 */
export async function fileSink(path: string): Promise<Sink> {
  const plan = await orFail(path, () => planFile(path));
  const handle = await orFail(path, () => open(plan.written, plan.replaces ? 'wx' : 'w'));
  let isOpen = true;
  const closeHandle = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    isTerminal: false,
    columns: Number.POSITIVE_INFINITY,
    write: (chunk) => orFail(path, () => writeAll(handle, chunk)),
    close: () =>
      orFail(path, async () => {
        await closeHandle();
        if (!plan.replaces) return;
        if (plan.mode !== null) await chmod(plan.written, plan.mode);
        await rename(plan.written, plan.target);
      }),
    async discard() {
      await closeHandle();
      if (plan.replaces) await rm(plan.written, { force: true });
    },
  };
}

async function planFile(path: string) {
  const target = await realpath(path).catch(() => path);
  const existing = await lstat(target).catch(() => null);
  if (existing !== null && !existing.isFile()) {
    return { written: target, target, replaces: false, mode: null } as const;
  }
  const written = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
  return { written, target, replaces: true, mode: existing === null ? null : existing.mode & 0o777 } as const;
}

async function writeAll(handle: FileHandle, chunk: string | Uint8Array): Promise<void> {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  for (let offset = 0; offset < bytes.length; ) {
    offset += (await handle.write(bytes, offset)).bytesWritten;
  }
}

async function orFail<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof Error ? outputFailed(error, path) : error;
  }
}
