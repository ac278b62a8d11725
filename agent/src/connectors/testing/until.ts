import { setTimeout as delay } from 'node:timers/promises';

/** Looks at what no event tells of, in another process, until it holds. */
export async function until(holds: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It did not hold within ${withinMs} ms: ${holds.toString()}`);
    await delay(10);
  }
}
