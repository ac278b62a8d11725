import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { LoadedTable } from '../file/worker-protocol.ts';
import { Catalogue, macrosOf } from './catalog.ts';
import { NoDriver } from './failures.ts';

export type Driver = typeof import('@duckdb/node-api');

/** Where a database comes from. */
export interface Source {
  /** How long it stays open without a request; null for as long as this process lives. */
  readonly closeAfterMs: number | null;
  /** Of files of data, once they are open. */
  readonly tables?: readonly LoadedTable[];
  open(driver: Driver): Promise<DuckDBInstance>;
  /** Whether what is open is what opening anew would give. Asked before each request; throws what keeps it from being opened. */
  isCurrent(): Promise<boolean>;
}

export interface Lease extends AsyncDisposable {
  readonly connection: DuckDBConnection;
  /** One more. */
  connect(): Promise<DuckDBConnection>;
  /** Asked for once while the database is open: nobody can change it meanwhile. */
  macros(): Promise<ReadonlySet<string>>;
  /** Likewise. */
  catalogue(): Promise<Catalogue>;
}

/** The database, opened when it is needed. */
export class OpenDatabase {
  readonly #source: Source;
  #instance: DuckDBInstance | undefined;
  #macros: ReadonlySet<string> | undefined;
  #catalogue: Catalogue | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  /** A connection for one request: what a statement leaves in a session ends with it. Throws NoDriver and the source's errors. */
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
      catalogue: async () => {
        this.#catalogue ??= await Catalogue.of(connection);
        return this.#catalogue;
      },
      [Symbol.asyncDispose]: async () => {
        for (const connection of connections) connection.closeSync();
        const { closeAfterMs } = this.#source;
        if (closeAfterMs !== null) this.#timer = setTimeout(() => this.#close(), closeAfterMs);
      },
    };
  }

  async #open(): Promise<DuckDBInstance> {
    if (!(await this.#source.isCurrent())) this.#close();
    if (this.#instance !== undefined) return this.#instance;
    const driver = await import('@duckdb/node-api').catch((cause: unknown) => {
      throw new NoDriver('The driver cannot be loaded.', { cause });
    });
    // Its texts are in the time zone of the machine, unlike those of DuckDB without one.
    driver.DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0;
    this.#instance = await this.#source.open(driver);
    return this.#instance;
  }

  #close(): void {
    this.#instance?.closeSync();
    this.#instance = undefined;
    this.#macros = undefined;
    this.#catalogue = undefined;
  }
}
