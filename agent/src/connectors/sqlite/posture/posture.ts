import { open } from 'node:fs/promises';
import { type Posture, toPosture } from '#core/posture.ts';
import {
  FILE_CHECKS,
  type FileCheck,
  type FileFacts,
  factsOf,
  findingsOf,
  quoteForShell,
} from '../../file/file-rights.ts';

/** https://sqlite.org/fileformat.html#the_database_header: the versions to write and to read; 2 stands for WAL. */
const VERSIONS_OFFSET = 18;
const WAL_VERSION = 2;

interface SqliteFacts extends FileFacts {
  readonly wal: boolean;
}

/**
 * Grades what the user that runs this may do with the file. SQLite has no roles, and the agent opens the file
 * read-only in any case: this is about what would be left without that. The file has to be there.
 */
export async function assessFile(path: string): Promise<Posture> {
  const facts = { ...(await factsOf(path)), wal: await isWal(path) };
  return toPosture([...findingsOf(facts, FILE_CHECKS), ...findingsOf(facts, WAL_CHECKS)], rightsToSet(facts));
}

const WAL_CHECKS: readonly FileCheck<SqliteFacts>[] = [
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
function rightsToSet({ path, wal }: SqliteFacts): string {
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

async function isWal(path: string): Promise<boolean> {
  await using file = await open(path);
  const versions = Buffer.alloc(2);
  await file.read(versions, 0, versions.length, VERSIONS_OFFSET);
  return versions.includes(WAL_VERSION);
}
