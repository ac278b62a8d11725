import type { Connector } from '../connector.ts';
import { type FileEngine, openFileConnector } from '../file/file-connector.ts';
import type { SqliteSettings } from '../settings.ts';
import { fromFailure } from './errors.ts';
import { assessFile } from './posture/posture.ts';
import { workerEntry } from './worker-entry.ts';

export async function openSqlite(settings: SqliteSettings): Promise<Connector> {
  const engine: FileEngine = {
    dialect: 'sqlite',
    program: {
      engine: 'SQLite',
      entry: workerEntry(),
      flags: ['--disable-warning=ExperimentalWarning'],
      environment: ['SQLITE_TMPDIR'],
      canInterrupt: false,
    },
    toError: fromFailure,
    assess: assessFile,
  };
  return await openFileConnector(engine, settings);
}
