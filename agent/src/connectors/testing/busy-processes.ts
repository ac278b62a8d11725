import { readdir, readFile } from 'node:fs/promises';

/** Processes that were started with the path. */
export async function workersOf(path: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const ours = await Promise.all(
    ids.map(async (id) => {
      const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      return command.split('\0').includes(path) ? [Number(id)] : [];
    }),
  );
  return ours.flat();
}

/**
 * How many of them have a thread on a processor now: an engine without a server has no list of what it does, but a worker
 * that waits is asleep.
 */
export async function busyProcesses(path: string): Promise<number> {
  const busy = await Promise.all((await workersOf(path)).map(isBusy));
  return busy.filter(Boolean).length;
}

async function isBusy(id: number): Promise<boolean> {
  try {
    const threads = await readdir(`/proc/${id}/task`);
    const stats = await Promise.all(threads.map((thread) => readFile(`/proc/${id}/task/${thread}/stat`, 'utf8')));
    return stats.some((stat) => stat.slice(stat.lastIndexOf(')')).startsWith(') R'));
  } catch {
    return false; // it ended while we looked
  }
}
