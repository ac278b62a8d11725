import type { ConnectorDialect } from '#core/dialects.ts';
import type { WireError } from '#core/errors.ts';
import type { Explanation } from '#core/explanation.ts';
import type { Egress } from '#core/policy/egress.ts';
import type { PolicySummary } from '#core/policy/summary.ts';
import type { FoundValue, QueryLimits } from '#core/protocol/messages.ts';
import type { Column } from '#core/values.ts';
import type { KnownSchema } from './incoming-schema.ts';

/** The way from an HTTP request to the agent that holds the database. */
export interface Gateway {
  /** Sends a statement that the guard has passed. AGENT_OFFLINE when no agent of this connection is there. */
  run(options: {
    readonly connectionId: string;
    readonly statement: string;
    readonly limits: QueryLimits;
    readonly signal: AbortSignal;
  }): Promise<ResultStream>;
  /** What the engine expects of a statement that the guard has passed; null when no agent that is there can tell. */
  explain(options: {
    readonly connectionId: string;
    readonly statement: string;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }): Promise<Explanation | null>;
  /** The schema as it is now. `known` is what is there already: its very object comes back where nothing has changed. */
  describe(options: {
    readonly connectionId: string;
    readonly known: KnownSchema | null;
    readonly signal: AbortSignal;
  }): Promise<KnownSchema>;
  findValues(options: {
    readonly connectionId: string;
    readonly texts: readonly string[];
    readonly signal: AbortSignal;
  }): Promise<readonly FoundValue[]>;
  /** The live session of a connection's agent, or null. */
  session(connectionId: string): AgentSessionInfo | null;
  /** What may go to a model at most, as the connection's agents say. */
  egress(connectionId: string): Egress;
  /** Closes the sockets of a connection that is gone. */
  disconnect(connectionId: string): void;
  /** Closes the sockets that were opened with a key that is good no more. */
  endKey(connectionId: string, keyId: string): void;
  /** The keys that sockets of this replica were opened with. */
  linkedKeys(): readonly LinkedKey[];
}

export interface LinkedKey {
  readonly connectionId: string;
  readonly keyId: string;
}

export interface AgentSessionInfo {
  readonly dialect: ConnectorDialect;
  readonly agentVersion: string;
  readonly engineVersion: string;
  readonly connectedAt: Date;
  readonly roundTripMs: number | null;
  readonly policy: PolicySummary | null;
  /** Agents of the connection that are linked. */
  readonly agents: number;
  /** What the agent says of its database; null from agents that say nothing of it. */
  readonly health: SessionHealth | null;
}

export interface SessionHealth {
  /** Null: the database can be asked. */
  readonly error: WireError | null;
  /** Of that state. */
  readonly since: Date;
  /** Statements, of all the connection's agents. */
  readonly running: number;
  readonly waiting: number;
}

/** Resolved by Gateway.run once the columns are known. */
export interface ResultStream {
  readonly columns: readonly Column[];
  /**
   * The row lines as they came, in order; each buffer holds whole lines. Pulling grants the agent credit for
   * the next ones. Throws what ended the query early (the agent's error, AGENT_LOST, RESULT_INCOMPLETE when
   * count or CRC are off). Leaving the loop early cancels the statement in the database.
   */
  readonly chunks: AsyncIterable<Buffer>;
  /** Known once chunks is exhausted. */
  end(): ResultSummary;
}

export interface ResultSummary {
  readonly rows: number;
  readonly bytes: number;
  readonly crc32: number;
  readonly truncated: boolean;
  readonly elapsedMs: number;
}
