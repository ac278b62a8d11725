import type { TableName } from '../guard/verdict.ts';

/** What the engine says of a name that a statement reads from. */
export interface Relation {
  /** As the statement has it. */
  readonly asked: TableName;
  /** As the catalogue has it; `schema` is null where the engine has no schemas. */
  readonly name: TableName;
  /** Tables that it is a part of (a partition's, a child's): rules about them hold for it too. */
  readonly parents: readonly TableName[];
  readonly columns: readonly RelationColumn[];
  /** Its rows may have columns that nobody can list (the fields of documents): `columns` is no limit then. */
  readonly isOpen?: boolean;
  /** What a view takes its rows from, through as many views as there are. Empty for tables. */
  readonly reads: readonly RelationRead[];
}

interface RelationColumn {
  readonly name: string;
  /** Other names the engine knows it by: SQLite's rowid. */
  readonly aliases: readonly string[];
}

export interface RelationRead extends TableName {
  /** Null where the engine does not say which columns. */
  readonly column: string | null;
}
