import type { ErrorCode } from '../errors.ts';
import type { TableName } from './verdict.ts';

/**
 * What a dialect's classifier finds in one statement. It only finds: what is allowed is decided by decide.ts with the
 * dialect's rules. Offsets are in UTF-16 units of the statement.
 */
export interface Facts {
  /** Statement kinds and constructs that are never a read, in the order of the walk. */
  readonly refusals: Refusal[];
  readonly tables: Use[];
  readonly functions: Use[];
  /** `b` of `a.b` and `(a).b`: a column, a field, or a call of the function b with a. */
  readonly attributes: Use[];
  readonly operators: Use[];
  readonly types: Use[];
  readonly columns: ColumnUse[];
}

/** A name as the statement resolves it (folded, unquoted), and where it stands. */
export interface Use {
  readonly schema: string | null;
  readonly name: string;
  readonly offset: number;
}

/** One place of a statement that reads a column. */
export interface ColumnUse {
  /**
   * The tables and views the column may belong to: the one that is named, or all that are in scope there. Empty where
   * it can only be one that the statement makes itself.
   */
  readonly tables: readonly TableName[];
  /** Whether the statement says which table. */
  readonly isQualified: boolean;
  /** `*` for all columns of those tables: a star, a whole row, a natural join. */
  readonly name: string;
  /**
   * `shown`: it is an item by itself of the outermost select list, and nothing else in the statement can depend on its
   * values. `planned`: it would be shown if the statement were not only explained. `used`: anything else.
   */
  readonly role: 'shown' | 'planned' | 'used';
  /**
   * The place more likely means something else, and only the schema tells: DuckDB takes `a.b` for the field b of a
   * column a where no table a has a column b. For the policy to reckon with; lists for people leave it out.
   */
  readonly isGuess?: boolean;
  readonly offset: number;
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly hint?: string;
  readonly offset: number;
}

export function noFacts(): Facts {
  return { refusals: [], tables: [], functions: [], attributes: [], operators: [], types: [], columns: [] };
}

/** Ends a classification at once: what follows cannot be understood any more. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}
