import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue } from './catalog.ts';
import type { Lease } from './open-database.ts';

/** What is worked on, with a connection of its own; it may be interrupted at any time. */
export class Task {
  readonly connection: DuckDBConnection;
  readonly #lease: Lease;
  readonly #connections: DuckDBConnection[];
  #isInterrupted = false;

  constructor(lease: Lease) {
    this.connection = lease.connection;
    this.#lease = lease;
    this.#connections = [lease.connection];
  }

  /** A second connection to the same database; closed with the first. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#lease.connect();
    this.#connections.push(connection);
    return connection;
  }

  /** Functions that the file has made itself, by their folded names. */
  macros(): Promise<ReadonlySet<string>> {
    return this.#lease.macros();
  }

  catalogue(): Promise<Catalogue> {
    return this.#lease.catalogue();
  }

  interrupt(): void {
    this.#isInterrupted = true;
    for (const connection of this.#connections) connection.interrupt();
  }

  /** DuckDB ends a result that is interrupted like one that is complete, and so it has to be asked. */
  throwIfInterrupted(): void {
    if (this.#isInterrupted) throw new Interrupted();
  }
}

class Interrupted extends Error {}
