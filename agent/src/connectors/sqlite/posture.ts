import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Posture, type PostureFinding, toPosture } from '#core/posture.ts';

/** https://sqlite.org/fileformat.html#the_database_header: the versions to write and to read; 2 stands for WAL. */
const VERSIONS_OFFSET = 18;
const WAL_VERSION = 2;
const OTHERS_MAY_WRITE = 0o002;

interface FileFacts {
  readonly path: string;
  readonly folder: string;
  readonly writable: boolean;
  readonly openToAll: boolean;
  readonly folderWritable: boolean;
  readonly folderOpenToAll: boolean;
  readonly wal: boolean;
}

/**
 * Grades what the user that runs this may do with the file. SQLite has no roles, and the agent opens the file
 * read-only in any case: this is about what would be left without that. The file has to be there.
 */
export async function assessFile(path: string): Promise<Posture> {
  const facts = await factsOf(resolve(path));
  const findings = CHECKS.filter(({ applies }) => applies(facts)).map(({ applies: _, message, ...finding }) => ({
    ...finding,
    message: message(facts),
  }));
  return toPosture(findings, rightsToSet(facts));
}

async function factsOf(path: string): Promise<FileFacts> {
  const folder = dirname(path);
  return {
    path,
    folder,
    writable: await mayWrite(path),
    openToAll: ((await stat(path)).mode & OTHERS_MAY_WRITE) !== 0,
    folderWritable: await mayWrite(folder),
    folderOpenToAll: ((await stat(folder)).mode & OTHERS_MAY_WRITE) !== 0,
    wal: await isWal(path),
  };
}

interface FileCheck extends Omit<PostureFinding, 'message'> {
  readonly applies: (facts: FileFacts) => boolean;
  readonly message: (facts: FileFacts) => string;
}

const CHECKS: readonly FileCheck[] = [
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
  {
    code: 'wal_needs_folder',
    severity: 'warn',
    applies: ({ wal, folderWritable }) => wal && !folderWritable,
    message: ({ folder }) =>
      `The file is in WAL mode, and this user may not write ${folder}: it can be read only while another program has it open.`,
    hint: 'Let its owner run PRAGMA journal_mode = DELETE, or give the agent a copy made with VACUUM INTO.',
  },
  {
    code: 'wal',
    severity: 'info',
    applies: ({ wal, folderWritable }) => wal && folderWritable,
    message: ({ folder }) => `The file is in WAL mode: reading it makes files ending in -wal and -shm in ${folder}.`,
    hint: 'Where nobody writes the file, its owner can run PRAGMA journal_mode = DELETE.',
  },
];

/** For a shell, as there is no SQL for it. */
function rightsToSet({ path, wal }: FileFacts): string {
  return [
    '# SQLite has no roles: what a program may do with a file, the rights of its user decide. Keep the file in a',
    '# folder that only its owner may write (no /tmp). As that owner, in a shell; then run the agent as another',
    "# user, of the file's group.",
    `chmod g+r,g-w,o-w ${quoteForShell(path)}`,
    ...(wal
      ? [
          '# In WAL mode a reader has to write the folder. To read with no such right, leave that mode:',
          `sqlite3 ${quoteForShell(path)} 'PRAGMA journal_mode = DELETE'`,
        ]
      : []),
    '',
  ].join('\n');
}

const quoteForShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

async function mayWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function isWal(path: string): Promise<boolean> {
  await using file = await open(path);
  const versions = Buffer.alloc(2);
  await file.read(versions, 0, versions.length, VERSIONS_OFFSET);
  return versions.includes(WAL_VERSION);
}
