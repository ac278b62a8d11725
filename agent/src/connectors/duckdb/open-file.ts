import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { macrosOf } from './catalog.ts';
import { NoDriver, NoSuchFile } from './failures.ts';

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

export interface Lease extends AsyncDisposable {
  readonly connection: DuckDBConnection;
  /** One more. */
  connect(): Promise<DuckDBConnection>;
  /** Asked for once while the file is open: nobody can change it meanwhile. */
  macros(): Promise<ReadonlySet<string>>;
}

/** The file, opened when it is needed and closed soon after. */
export class OpenFile {
  readonly #path: string;
  #instance: DuckDBInstance | undefined;
  #macros: ReadonlySet<string> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    // Absolute, so that DuckDB cannot take it for an address or a setting.
    this.#path = resolve(path);
  }

  /** A connection for one request: what a statement leaves in a session ends with it. Throws NoDriver, NoSuchFile. */
  async lease(): Promise<Lease> {
    clearTimeout(this.#timer);
    const instance = await this.#open();
    const connections: DuckDBConnection[] = [];
    const connect = async (): Promise<DuckDBConnection> => {
      const connection = await instance.connect();
      connections.push(connection);
      return connection;
    };
    const connection = await connect();
    return {
      connection,
      connect,
      macros: async () => {
        this.#macros ??= await macrosOf(connection);
        return this.#macros;
      },
      [Symbol.asyncDispose]: async () => {
        for (const connection of connections) connection.closeSync();
        this.#timer = setTimeout(() => this.#close(), CLOSE_AFTER_MS);
      },
    };
  }

  async #open(): Promise<DuckDBInstance> {
    if (!isFile(this.#path)) throw new NoSuchFile();
    if (this.#instance !== undefined) return this.#instance;
    const driver = await import('@duckdb/node-api').catch((cause: unknown) => {
      throw new NoDriver('The driver cannot be loaded.', { cause });
    });
    // Its texts are in the time zone of the machine, unlike those of DuckDB without one.
    driver.DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0;
    this.#instance = await driver.DuckDBInstance.create(this.#path, CONFIGURATION);
    return this.#instance;
  }

  #close(): void {
    this.#instance?.closeSync();
    this.#instance = undefined;
    this.#macros = undefined;
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
