import type { ChildProcess } from 'node:child_process';
import type { ConnectorDialect } from '#core/dialects.ts';
import type { ErrorCode } from '#core/errors.ts';
import type { Cell, ValueKind } from '#core/values.ts';
import type { Connector } from '../connector.ts';
import type { Absent } from './contract/cases.ts';
import type { Statements } from './contract/statements.ts';

/** What the contract suite needs of an engine to ask the same of each. */
export interface Engine {
  /** In the names of the tests and in the table of docs/connectors.md; an emulator is called one. */
  readonly name: string;
  readonly dialect: ConnectorDialect;
  /** Cases of the suite that the engine has nothing for, each with the reason, which the table shows. */
  readonly absent?: Absent;
  /** Names that are not quoted are in upper case in its catalogue. */
  readonly foldsUp?: boolean;
  /** A column's type is that of its values, and a masked value of `null` has none. */
  readonly typesByValue?: boolean;
  /** What a large result may take of memory, where it is more than 120 MiB. */
  readonly memoryMib?: number;
  /** Makes a database of its own, with what `CUSTOMERS` says in it. */
  start(): Promise<Fixture>;
}

export interface Fixture {
  readonly connector: Connector;
  /** Where the tables are; null where the engine has no schemas. */
  readonly schema: string | null;
  /** Of the same database, for connectors of a test's own. */
  readonly url: string;
  /** Statements in the engine's own language. */
  readonly statements: Statements;
  /** What `describe` tells of the columns of customer, where it is not what SQL engines do: name, kind, nullable. */
  readonly described?: readonly (readonly [string, ValueKind, boolean])[];
  /** And of the kinds of "order"'s last two columns: total, placed_at. */
  readonly orderKinds?: readonly [ValueKind, ValueKind];
  /** How long a statement with such a time limit may outlive our own death, where the server does not look after us. */
  readonly orphanMs?: number;
  /** Each expression selected alone gives exactly this. */
  readonly values: readonly ValueSample[];
  /** The text that a mask takes of each column of `valued`, c0 and on; null for NULL. */
  readonly maskedTexts: readonly (string | null)[];
  /** A statement with the columns n (1 to `rows`) and filler (100 characters, or as many as given). */
  series(rows: number, width?: number): string;
  /** Never ends, and gives no row. */
  readonly endless: string;
  /** One row with one text of so many characters `ü`. */
  wideText(characters: number): string | Promise<string>;
  /** Statements whose one row is a little, and a lot, more than MAX_ROW_BYTES; by wideText where nothing else is said. */
  readonly tooWide?: () => Promise<readonly string[]>;
  /** What the engine itself has to refuse, without any guard. */
  readonly writes: readonly string[];
  readonly failures: readonly Failure[];
  /** Connectors to where there is no server, no database, and with a wrong password. Each is closed by the suite. */
  readonly wrong: Partial<Record<'unreachable' | 'missing' | 'password', () => Promise<Connector>>>;
  /** Begins to run a statement in another process that is connected, and that is then killed. */
  readonly elsewhere?: (statement: string, timeoutMs: number) => Promise<ChildProcess>;
  /** Makes what the masks are tried on. */
  addMaskTables(): Promise<void>;
  /** Adds to "Wide One"; the texts may be long. */
  addWideRows(rows: readonly WideRow[]): Promise<void>;
  /** Statements of the database's owner. */
  execute(sql: string): Promise<void>;
  /** Statements of ours that the engine runs at this moment. */
  running(): Promise<number>;
  stop(): Promise<void>;
}

export type WideRow = readonly [id: number, masked: string, plain: string];

export interface ValueSample {
  /** What `statements.value` makes a statement of. */
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
 * placed_at), and the view big_spender over both. Names hold upper case, umlauts, quotes and emoji. `addMaskTables` adds
 * supplier(id, name), "Wide One"(id, "Größe ""x""", plain), the view buyer(number, "Called", "Length") of customer's id and name, and
 * `valued`, one row with a value of each type.
 */
export const CUSTOMERS = [
  [1, 'Ana Ünal', 'ana@example.org', null],
  [2, "Bob O'Brien", 'bob@example.org', ''],
  [3, '陳大文 🦆', 'chan@example.org', 'Germany'],
] as const;

export const SUPPLIERS = [
  [1, 'Supplies'],
  [2, null],
] as const;
