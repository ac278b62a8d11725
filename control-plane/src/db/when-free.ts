import { setTimeout as sleep } from 'node:timers/promises';

const SQLITE_BUSY = 5;
const WAIT_MS = 15_000;
const MAX_PAUSE_MS = 10;

/**
 * Runs a statement on SQLite, again and again while another process holds the lock. SQLite's own
 * busy timeout would do the same, and stop this whole process while it waits.
 */
export async function whenFree<T>(run: () => T): Promise<T> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    await sleep(Math.random() * MAX_PAUSE_MS);
  }
}

/** The extended codes (SQLITE_BUSY_SNAPSHOT …) hold the plain one in their lowest byte. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === SQLITE_BUSY;
