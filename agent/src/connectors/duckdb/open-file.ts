import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { NoSuchFile } from './failures.ts';
import type { Driver, Source } from './open-database.ts';

/** DuckDB locks the file while it is open, against writers too: they need not wait for us when we have nothing to do. */
const CLOSE_AFTER_MS = 250;

/**
 * Reading, of this file and nothing else, within bounds, and none of it can be changed any more. Nothing is spilled to
 * disk: the folder may be anybody's, and its space too.
 * https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
 */
const CONFIGURATION = {
  access_mode: 'READ_ONLY',
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
  threads: '2',
  memory_limit: '1GB',
  max_temp_directory_size: '0MB',
  lock_configuration: 'true',
};

/** A database's own file. */
export class DatabaseFile implements Source {
  readonly closeAfterMs = CLOSE_AFTER_MS;
  readonly #path: string;

  constructor(path: string) {
    // Absolute, so that DuckDB cannot take it for an address or a setting.
    this.#path = resolve(path);
  }

  async open(driver: Driver): Promise<DuckDBInstance> {
    return await driver.DuckDBInstance.create(this.#path, CONFIGURATION);
  }

  /** DuckDB's lock keeps it from changing. */
  async isCurrent(): Promise<boolean> {
    if (!isFile(this.#path)) throw new NoSuchFile();
    return true;
  }
}

/** Where we may not even look, DuckDB says so. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return true;
  }
}
