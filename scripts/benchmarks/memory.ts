import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const KIB = 1024;

/** What Linux says of a process's memory, in bytes; null once it has ended. */
export interface Memory {
  readonly now: number;
  /** The most there was since the process began or since resetPeak. */
  readonly peak: number;
}

/** Source: proc(5), VmRSS and VmHWM of /proc/pid/status. */
export function readMemory(pid: number): Memory | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * KIB;
    const memory = { now: field('VmRSS'), peak: field('VmHWM') };
    return Number.isNaN(memory.peak) ? null : memory;
  } catch {
    // It has ended.
    return null;
  }
}

/** Makes the peak start anew from what is held now. Source: proc(5), /proc/pid/clear_refs. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** What a process and all that it has started hold together, in bytes. Pages they share count more than once. */
export function familyMemory(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + familyMemory(child), readMemory(pid)?.now ?? 0);
}

/** The processes that it has started; none once it has ended. Source: proc(5), /proc/pid/task/tid/children. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    // It, or one of its threads, has ended.
    return [];
  }
}
