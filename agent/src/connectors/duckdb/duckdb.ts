import type { Connector } from '../connector.ts';
import { type FileEngine, openFileConnector } from '../file/file-connector.ts';
import type { DuckdbSettings } from '../settings.ts';
import { fromFailure } from './errors.ts';
import { assessFile } from './posture/posture.ts';
import { workerEntry } from './worker-entry.ts';

export async function openDuckdb(settings: DuckdbSettings): Promise<Connector> {
  const engine: FileEngine = {
    dialect: 'duckdb',
    program: { engine: 'DuckDB', entry: workerEntry(), flags: [], environment: [], canInterrupt: true },
    toError: fromFailure,
    assess: assessFile,
  };
  return await openFileConnector(engine, settings);
}
