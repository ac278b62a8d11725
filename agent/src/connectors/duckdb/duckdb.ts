import { resolve } from 'node:path';
import type { Connector } from '../connector.ts';
import { type FileEngine, openFileConnector } from '../file/file-connector.ts';
import type { LoadedTable } from '../file/worker-protocol.ts';
import type { DataFilesSettings, DuckdbSettings } from '../settings.ts';
import { makePrivateFolder, removeFolder } from './data-files/private-folder.ts';
import { toWorkerArgument } from './data-files/worker-files.ts';
import { fromFailure } from './errors.ts';
import { assessDataFiles, assessFile } from './posture/posture.ts';
import { workerEntry } from './worker-entry.ts';

/** The tables are in one process's memory: a second one would have them twice, and a new one has to read the files again. */
const ONE_THAT_STAYS = { max: 1, idleMs: 12 * 60 * 60_000, lifetimeMs: 12 * 60 * 60_000 };
const LOAD_TIMEOUT_MS = 30 * 60_000;

export async function openDuckdb(settings: DuckdbSettings): Promise<Connector> {
  if (settings.files !== undefined) return (await openDataFiles(settings)).connector;
  // The worker takes what begins with a brace for a list of files.
  const path = settings.path.startsWith('{') ? `./${settings.path}` : settings.path;
  return await openFileConnector({ ...engine(), assess: assessFile }, { ...settings, path });
}

/** Reads files of data into tables; nothing is asked of a file after that, until it changes. FILE_UNREADABLE. */
export async function openDataFiles({
  files,
}: DataFilesSettings): Promise<{ readonly connector: Connector; readonly tables: readonly LoadedTable[] }> {
  const folder = makePrivateFolder();
  let tables: readonly LoadedTable[] = [];
  const filesEngine: FileEngine = {
    ...engine(),
    assess: () => assessDataFiles(files.map(({ path }) => path)),
    workers: ONE_THAT_STAYS,
    preparation: {
      timeoutMs: LOAD_TIMEOUT_MS,
      onReady: (answer) => {
        tables = answer.tables ?? [];
      },
    },
    onClose: () => removeFolder(folder),
  };
  const absolute = files.map((file) => ({ ...file, path: resolve(file.path) }));
  const connector = await openFileConnector(filesEngine, { path: toWorkerArgument({ files: absolute, folder }) });
  return { connector, tables };
}

const engine = () =>
  ({
    dialect: 'duckdb',
    program: { engine: 'DuckDB', entry: workerEntry(), flags: [], environment: [], canInterrupt: true },
    toError: fromFailure,
  }) as const;
