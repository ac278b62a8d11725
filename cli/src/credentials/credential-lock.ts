import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { CustardError } from '#core/errors.ts';
import { pause } from '#core/pause.ts';
import { makePrivateFolder, notWritable } from './credential-file.ts';

const LOOK_EVERY_MS = 25;
/** Longer than a refresh may take, times a few processes that stand in line. */
const PATIENCE_MS = 60_000;
const SQLITE_BUSY = 5;

/**
 * Runs `work` while no other process of this user does. The lock is SQLite's, on an empty database beside the file: the
 * operating system takes it back when its holder dies, so that none is ever left behind.
 */
export async function withCredentialLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const lock = await openLock(`${path}.lock`);
  try {
    await acquire(lock, signal);
    return await work();
  } finally {
    lock.close();
  }
}

async function openLock(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  try {
    await makePrivateFolder(dirname(path));
    return new DatabaseSync(path, { timeout: 0 });
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

async function acquire(lock: DatabaseSync, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isAcquired(lock)) {
    if (performance.now() > deadline) {
      throw new CustardError('TIMEOUT', 'Another custard process keeps the log-in for itself.', {
        hint: 'End it, then try again.',
      });
    }
    signal.throwIfAborted();
    await pause(LOOK_EVERY_MS, signal);
  }
}

function isAcquired(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw notWritable('the lock of the log-in', error);
  }
}
