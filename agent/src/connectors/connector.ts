import type { ConnectorDialect } from '#core/dialects.ts';
import type { Explanation } from '#core/explanation.ts';
import type { TableName } from '#core/guard/verdict.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import type { Relation } from '#core/policy/relation.ts';
import type { Posture } from '#core/posture.ts';
import type { FoundValue, QueryLimits } from '#core/protocol/messages.ts';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import type { Column } from '#core/values.ts';
import type { Transport } from './transport.ts';

/**
 * What an engine has to do to be asked questions. One folder per engine under connectors/, one
 * line in registry.ts, and the contract suite in testing/contract. Somebody else's is loaded by external/.
 *
 * Every method translates its driver's errors into CustardError, keeps the driver's as `cause`,
 * and stops the work in the database itself when its signal is aborted (QUERY_CANCELED).
 */
export interface Connector {
  readonly dialect: ConnectorDialect;

  /** Connects if need be and asks the server its version. DATABASE_UNREACHABLE, DATABASE_AUTH_FAILED, DATABASE_NOT_FOUND. */
  ping(options: { readonly signal: AbortSignal }): Promise<{ readonly version: string }>;

  /**
   * Everything the role may see, some tables at a time and at least one page; what it sees but may not read is listed as not
   * readable. Keys name only tables that are in it. Of one moment where the engine can do that; whole, or an error.
   */
  describe(options: DescribeOptions, onPage: (page: SchemaPage) => void): Promise<void>;

  /**
   * Runs one statement in the engine's own read-only mode and hands its rows to the sink.
   * Resolves once the last chunk was handed over and the engine's transaction has ended.
   */
  run(options: RunOptions, sink: RowSink): Promise<RunEnd>;

  /** Where the data holds these texts, whatever their case. At most a few hits per text; never slow: bounded in time. */
  findValues(options: FindOptions): Promise<FoundValue[]>;

  /**
   * What a statement run now would find under these names, as the guard tells them; what does not exist is left out.
   * One round trip, bounded in time (QUERY_TIMEOUT); works for roles with few rights.
   */
  relations(options: RelationsOptions): Promise<Relation[]>;

  /**
   * Grades what the role may do besides reading, and gives the SQL for one that can do nothing else.
   * Works for roles with few rights; bounded in time, and what could not be found out is a finding.
   */
  posture(options: { readonly signal: AbortSignal }): Promise<Posture>;

  /**
   * What the engine expects of a statement, which it plans and never runs; errors are those of `run`. Left out where the
   * engine makes no plans.
   */
  explain?(options: ExplainOptions): Promise<Explanation>;
  /** How the way to the database is protected, as it is now; absent where a connector cannot tell. */
  transport?(options: { readonly signal: AbortSignal }): Promise<Transport>;

  close(): Promise<void>;
}

export interface ExplainOptions {
  readonly statement: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface DescribeOptions {
  /** Only these are looked at, by their exact names; null for all. Of no meaning where the engine has no schemas. */
  readonly schemas?: readonly string[] | null;
  readonly signal: AbortSignal;
}

/** Tables of a schema, with what is the same on each of its pages. */
export interface SchemaPage extends Omit<DatabaseSchema, 'dialect'> {
  /** Of tables on it, what they are parts of (see Relation): rules about that hold for them too. */
  readonly parents?: ReadonlyMap<SchemaTable, readonly TableName[]>;
}

export interface RunOptions {
  /** Run as it is, never rewritten. */
  readonly statement: string;
  readonly limits: QueryLimits;
  /**
   * Shown as their mask says wherever the engine itself says that a result column comes from one of them. Names are
   * the catalogue's, as in Relation. POLICY_DENIED before anything is shown, if one that is named does not come back as
   * itself, or if where it would come back cannot be told.
   */
  readonly masks: readonly MaskedColumn[];
  /** For masks that hash: 32 bytes. */
  readonly maskKey: Buffer;
  readonly signal: AbortSignal;
}

export interface FindOptions {
  readonly texts: readonly string[];
  /**
   * Columns not to be looked into. Asked of a table and of those that it is a part of; where its rows are those of others
   * (a materialized view, a virtual table), also for each column that it reads, with `*` where nobody says which.
   */
  readonly skip: (table: TableName, column: string) => boolean;
  readonly signal: AbortSignal;
}

export interface RelationsOptions {
  readonly tables: readonly TableName[];
  readonly signal: AbortSignal;
}

export interface RowSink {
  /** Once, before the first chunk. */
  columns(columns: readonly Column[]): void;
  /**
   * At most CHUNK_BYTES of row lines (see core/protocol/frames.ts; a line may span chunks). The
   * sink owns the buffer from then on. When it returns a promise, hand over nothing until it resolves;
   * it rejects when nobody wants the rest.
   */
  chunk(bytes: Buffer): Promise<void> | undefined;
}

export interface RunEnd {
  readonly rows: number;
  /** There were more rows than limits.rows. */
  readonly truncated: boolean;
}
