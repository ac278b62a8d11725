import type { DataFile } from './data-file.ts';

/** What a worker for files of data is started with, as one argument. */
export interface WorkerFiles {
  readonly files: readonly DataFile[];
  /** A folder of ours alone, for what does not fit into memory. */
  readonly folder: string;
}

export const toWorkerArgument = (files: WorkerFiles): string => JSON.stringify(files);

/** Null for the path of a database. */
export function parseWorkerFiles(argument: string): WorkerFiles | null {
  // Written by the same program: not parsed a second time.
  return argument.startsWith('{') ? JSON.parse(argument) : null;
}
