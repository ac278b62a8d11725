import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustardError } from '#core/errors.ts';

const NAME = /^custard-files-(\d+)-/;

/**
 * A new folder that only this user may look into, in TMPDIR. Its name has our process id, by which folders are told that a
 * process left behind when it was killed together with its workers: those are removed here.
 */
export function makePrivateFolder(): string {
  try {
    removeAbandoned();
    return mkdtempSync(join(tmpdir(), `custard-files-${process.pid}-`));
  } catch (cause) {
    throw new CustardError('CONFIG_INVALID', `No folder can be made in ${tmpdir()}.`, {
      hint: 'Set TMPDIR to a folder that you may write to.',
      cause,
    });
  }
}

export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 3 });

function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(NAME.exec(name)?.[1] ?? 0);
    const folder = join(tmpdir(), name);
    if (owner > 0 && !isAlive(owner) && isOurs(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const isOurs = (folder: string): boolean =>
  statSync(folder, { throwIfNoEntry: false })?.uid === (process.getuid?.() ?? 0);
