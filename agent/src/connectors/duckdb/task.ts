import type { DuckDBConnection } from '@duckdb/node-api';

/** What is worked on, with a connection of its own; it may be interrupted at any time. */
export class Task {
  readonly connection: DuckDBConnection;
  readonly #connect: () => Promise<DuckDBConnection>;
  readonly #connections: DuckDBConnection[];
  #isInterrupted = false;

  constructor(connection: DuckDBConnection, connect: () => Promise<DuckDBConnection>) {
    this.connection = connection;
    this.#connect = connect;
    this.#connections = [connection];
  }

  /** A second connection to the same file; closed with the first. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#connect();
    this.#connections.push(connection);
    return connection;
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
