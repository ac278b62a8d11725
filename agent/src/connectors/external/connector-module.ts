import type { ConnectorDialect } from '#core/dialects.ts';
import type { Connector } from '../connector.ts';

/** What a package or file that CUSTARD_CONNECTOR names has to export, under the name `connector`. */
export interface ConnectorModule {
  /** Of this contract. A later one that breaks with it has another number. */
  readonly api: 1;
  /** Whose language the statements are in: the guard of that dialect judges each of them. */
  readonly dialect: ConnectorDialect;
  /** Connects to nothing yet, as `ping` does that. */
  open(database: DatabaseEnvironment): Promise<Connector>;
}

/** What the agent's environment says of the database, as it is written there; null where it says nothing. */
export interface DatabaseEnvironment {
  /** DB_URL, in whatever form the connector likes. */
  readonly url: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly name: string | null;
  /** There are never more calls at once than this: so many sessions with the database are enough. */
  readonly sessions: number;
}
