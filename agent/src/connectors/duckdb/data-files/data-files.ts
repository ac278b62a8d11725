import type { DuckDBInstance } from '@duckdb/node-api';
import type { LoadedTable } from '../../file/worker-protocol.ts';
import type { Driver, Source } from '../open-database.ts';
import { openDataFiles, stampOf } from './open-data-files.ts';
import type { WorkerFiles } from './worker-files.ts';

/** Tables in memory, read from files. Read anew when a file has changed since. */
export class DataFiles implements Source {
  readonly closeAfterMs = null;
  readonly #files: WorkerFiles;
  #stamp = '';
  #tables: readonly LoadedTable[] = [];

  constructor(files: WorkerFiles) {
    this.#files = files;
  }

  /** What became of the files when they were read last. */
  get tables(): readonly LoadedTable[] {
    return this.#tables;
  }

  async open(driver: Driver): Promise<DuckDBInstance> {
    const create = (configuration: Record<string, string>) => driver.DuckDBInstance.create(':memory:', configuration);
    const { instance, tables, stamp } = await openDataFiles(create, this.#files);
    this.#tables = tables;
    this.#stamp = stamp;
    return instance;
  }

  async isCurrent(): Promise<boolean> {
    return (await stampOf(this.#files.files)) === this.#stamp;
  }
}
