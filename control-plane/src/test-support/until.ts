import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 15_000;

/** What `look` finds, once it finds something; what is waited for goes into the error. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`never came: ${what}`);
    await sleep(20);
  }
}
