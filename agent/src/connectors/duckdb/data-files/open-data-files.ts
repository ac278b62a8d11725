import { mkdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { LoadedTable } from '../../file/worker-protocol.ts';
import type { DataFile } from './data-file.ts';
import { type DataFormat, examine, type Input } from './input.ts';
import { loadDelimited } from './load-delimited.ts';
import { loadJson } from './load-json.ts';
import { loadParquet } from './load-parquet.ts';
import { UnreadableFile } from './unreadable.ts';

const LOADERS: Readonly<Record<DataFormat, (connection: DuckDBConnection, input: Input) => Promise<LoadedTable>>> = {
  delimited: loadDelimited,
  json: loadJson,
  parquet: loadParquet,
};

/** While files are read. Nothing of it is the user's SQL: that comes after the lock. */
const CONFIGURATION = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
  threads: '2',
  memory_limit: '1GB',
  max_temp_directory_size: '16GB',
};
/** No file, no network, no extension and no other setting from here on; none of it can be taken back. */
const LOCK = ['SET enable_external_access = false', 'SET lock_configuration = true'];

const ATTEMPTS = 2;

export interface OpenedFiles {
  readonly instance: DuckDBInstance;
  readonly tables: readonly LoadedTable[];
  /** Tells whether the files are what they were. */
  readonly stamp: string;
}

/**
 * Reads the files into tables, then locks the database up. Throws UnreadableFile, also for a file that never holds still.
 * `folder` is ours alone: what does not fit into memory is in it.
 */
export async function openDataFiles(
  create: (configuration: Record<string, string>) => Promise<DuckDBInstance>,
  { files, folder }: { readonly files: readonly DataFile[]; readonly folder: string },
): Promise<OpenedFiles> {
  for (let attempt = 1; ; attempt++) {
    const stamp = await stampOf(files);
    const opened = await attemptToOpen(create, { files, folder: join(folder, `load-${attempt}-${Date.now()}`) });
    if ((await stampOf(files)) === stamp) return { ...opened, stamp };
    opened.instance.closeSync();
    if (attempt === ATTEMPTS) {
      throw new UnreadableFile(
        `${files.length === 1 ? files[0]?.label : 'A file'} changed while it was being read, twice.`,
        'Wait until what writes it has ended, or ask a copy.',
      );
    }
  }
}

async function attemptToOpen(
  create: (configuration: Record<string, string>) => Promise<DuckDBInstance>,
  { files, folder }: { readonly files: readonly DataFile[]; readonly folder: string },
): Promise<{ readonly instance: DuckDBInstance; readonly tables: readonly LoadedTable[] }> {
  await mkdir(folder, { mode: 0o700 });
  const instance = await create({ ...CONFIGURATION, temp_directory: join(folder, 'spill') });
  try {
    const connection = await instance.connect();
    const tables: LoadedTable[] = [];
    for (const [index, file] of files.entries()) {
      const input = await examine(file, folder, index);
      tables.push(await LOADERS[input.format](connection, input).catch(explainRoom(file)));
      await rm(input.path);
    }
    for (const statement of LOCK) await connection.run(statement);
    connection.closeSync();
    return { instance, tables };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** The rest is a bug, or DuckDB's own to say. */
const explainRoom =
  ({ label }: DataFile) =>
  (error: unknown): never => {
    if (!(error instanceof Error) || !/^Out of Memory Error|No space left/i.test(error.message)) throw error;
    throw new UnreadableFile(
      `${label} needs more room than there is: 1 GB of memory, and up to 16 GB beyond that in ${tmpdir()}.`,
      'Set TMPDIR to a folder with more room, or take the rows or columns you need into a file of their own.',
    );
  };

/** By size, time and place, as a copy put in a file's stead has another inode. A file that is gone is a change too. */
export async function stampOf(files: readonly DataFile[]): Promise<string> {
  const stamps = files.map(async ({ path }) => {
    const found = await stat(resolve(path), { bigint: true }).catch(() => null);
    return found === null ? 'gone' : [found.size, found.mtimeNs, found.ctimeNs, found.ino].join('-');
  });
  return (await Promise.all(stamps)).join(' ');
}
