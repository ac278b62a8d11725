import type { ErrorCode, Position } from '../errors.ts';
import type { ColumnUse } from './classify.ts';

/** What the guard says of one statement. Names are as the statement resolves them, unquoted. */
export type Verdict = Allowed | Denied;

/** Names a statement reads. `schema` is null where the statement leaves it out. */
export interface TableName {
  readonly schema: string | null;
  readonly name: string;
}

export interface Reads {
  /** Base tables and views; names of CTEs are not among them. Sorted, each once. */
  readonly tables: readonly TableName[];
  /** Column names, `table.column` where the statement says whose; `*` for a star. Sorted, each once. */
  readonly columns: readonly string[];
  /** Lower case, schema-qualified where the statement does. Sorted, each once. */
  readonly functions: readonly string[];
}

export interface Allowed extends Reads {
  readonly verdict: 'allow';
  /** Each place where a column is read; for the policy, which has rules about columns. */
  readonly columnUses: readonly ColumnUse[];
}

export interface Denied {
  readonly verdict: 'deny';
  readonly code: ErrorCode;
  /** One sentence that a person or a model can act on; holds names, never literals. */
  readonly reason: string;
  readonly hint?: string;
  readonly where?: Position;
}

/** A dialect's guard, ready to use. `check` never rejects and never lets a crash through. */
export interface Guard {
  check(statement: string): Promise<Verdict>;
}
