import type { ErrorCode } from '#core/errors.ts';
import type { Cell, ValueKind } from '#core/values.ts';
import type { Connector } from '../connector.ts';

/** What the contract suite needs of an engine to ask the same of each. */
export interface Engine {
  readonly name: string;
  /** Where a dialect is tested more than once: which server it is. */
  readonly label?: string;
  /** Names that are not quoted are in upper case in its catalogue. */
  readonly foldsUp?: boolean;
  /** It does not notice at once that a client is gone: the limit that it was given ends the statement. */
  readonly outlivesClient?: boolean;
  /** What a large result may take of memory, where it is more than 120 MiB. */
  readonly memoryMib?: number;
  /** Makes a database of its own, with what `Shop` says in it. */
  start(): Promise<Fixture>;
}

export interface Fixture {
  readonly connector: Connector;
  /** Where the tables are; null where the engine has no schemas. */
  readonly schema: string | null;
  /** A statement with names in double quotes, as the engine takes them. */
  readonly quoted?: (sql: string) => string;
  /** How long a statement with such a time limit may outlive our own death, where the server does not look after us. */
  readonly orphanMs?: number;
  /** Of the same database, for connectors of a test's own. */
  readonly url: string;
  /** Each expression selected alone gives exactly this. */
  readonly values: readonly ValueSample[];
  /** A statement with the columns n (1 to `rows`) and filler (100 characters, or as many as given). */
  series(rows: number, width?: number): string;
  /** Never ends, and gives no row. */
  readonly endless: string;
  /** One row with one text of so many characters. */
  wideText(characters: number): string;
  /** What the engine itself has to refuse, without any guard. */
  readonly writes: readonly string[];
  readonly failures: readonly Failure[];
  /** Statements of the database's owner. */
  execute(sql: string): Promise<void>;
  /** Statements of ours that the engine runs at this moment. */
  running(): Promise<number>;
  stop(): Promise<void>;
}

export interface ValueSample {
  readonly sql: string;
  readonly cell: Cell;
  readonly kind: ValueKind;
  readonly type: string;
}

export interface Failure {
  readonly sql: string;
  readonly code: ErrorCode;
  readonly line?: number;
  readonly column?: number;
}

/**
 * In every engine: customer(id, name, email unique, note), "order"(id, customer_id → customer, total,
 * placed_at), and the view big_spender over both. Names hold upper case, umlauts, quotes and emoji.
 */
export const CUSTOMERS = [
  [1, 'Ana Ünal', 'ana@example.org', null],
  [2, "Bob O'Brien", 'bob@example.org', ''],
  [3, '陳大文 🦆', 'chan@example.org', 'Germany'],
] as const;
