import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { PostureFinding } from '#core/posture.ts';

const OTHERS_MAY_WRITE = 0o002;

/** What the user that runs this may do with a database's file. */
export interface FileFacts {
  readonly path: string;
  readonly folder: string;
  readonly writable: boolean;
  readonly openToAll: boolean;
  readonly folderWritable: boolean;
  readonly folderOpenToAll: boolean;
}

/** Of a file that is there. */
export async function factsOf(path: string): Promise<FileFacts> {
  const absolute = resolve(path);
  const folder = dirname(absolute);
  return {
    path: absolute,
    folder,
    writable: await mayWrite(absolute),
    openToAll: ((await stat(absolute)).mode & OTHERS_MAY_WRITE) !== 0,
    folderWritable: await mayWrite(folder),
    folderOpenToAll: ((await stat(folder)).mode & OTHERS_MAY_WRITE) !== 0,
  };
}

export interface FileCheck<F extends FileFacts> extends Omit<PostureFinding, 'message'> {
  readonly applies: (facts: F) => boolean;
  readonly message: (facts: F) => string;
}

export function findingsOf<F extends FileFacts>(facts: F, checks: readonly FileCheck<F>[]): PostureFinding[] {
  return checks
    .filter(({ applies }) => applies(facts))
    .map(({ applies: _, message, ...finding }) => ({ ...finding, message: message(facts) }));
}

/** For every engine. */
export const FILE_CHECKS: readonly FileCheck<FileFacts>[] = [
  {
    code: 'file_open_to_all',
    severity: 'bad',
    applies: ({ openToAll }) => openToAll,
    message: ({ path }) => `Every user of this machine may write ${path}: nobody can tell whose data it holds.`,
    hint: 'Take that right away: chmod o-w FILE.',
  },
  {
    code: 'file_writable',
    severity: 'warn',
    applies: ({ writable, openToAll }) => writable && !openToAll,
    message: ({ path }) => `The user that runs this may write ${path}. It is opened read-only all the same.`,
    hint: 'Run the agent as a user of its own, not root, that may read the file and not write it.',
  },
  {
    code: 'folder_open_to_all',
    severity: 'warn',
    applies: ({ folderOpenToAll }) => folderOpenToAll,
    message: ({ folder }) =>
      `Every user of this machine may write the folder ${folder}, and put a journal beside the file that changes what is read.`,
    hint: 'Move the file to a folder that only its owner may write, or take that right away: chmod o-w FOLDER.',
  },
];

export const quoteForShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

async function mayWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
