import type { SchemaColumn, SchemaTable } from '#core/schema.ts';

/** A table as the planner sees it: the schema's own entry, plus the words of its name. */
export interface TableEntry {
  readonly kind: 'table';
  readonly table: SchemaTable;
  /** Position in the index; an identity that sorts. */
  readonly index: number;
  /** Stems of the name's words, abbreviations written out, noise ("ref", "tbl") left away. */
  readonly words: readonly string[];
  readonly columns: readonly ColumnEntry[];
  /** The single primary key column; null for composite keys and for tables without one. */
  readonly key: ColumnEntry | null;
  /** Connects others and says little itself: (almost) all its columns are foreign keys. */
  readonly junction: boolean;
}

export interface ColumnEntry {
  readonly kind: 'column';
  readonly table: TableEntry;
  readonly column: SchemaColumn;
  readonly words: readonly string[];
  /** Which of `words` are also the table's own: "pet" in Pets.pet_age. */
  readonly tableWords: ReadonlySet<string>;
  /** What its comment says, as stems; an alternative to `words`. */
  readonly commentWords: readonly string[];
  readonly isKey: boolean;
  readonly isForeignKey: boolean;
  /** The table it refers to, by a declared key or by its name. */
  references: TableEntry | null;
}

export type Entry = TableEntry | ColumnEntry;

/** One way to get from a row of `from` to the row of `to` that it references. */
export interface Edge {
  readonly from: TableEntry;
  readonly to: TableEntry;
  readonly fromColumns: readonly ColumnEntry[];
  readonly toColumns: readonly ColumnEntry[];
  readonly declared: boolean;
}
