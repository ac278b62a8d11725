import type { Grade } from '../posture.ts';
import type { QueryLimits } from '../protocol/messages.ts';
import type { Egress } from './egress.ts';
import type { Mask } from './mask.ts';
import type { ColumnPattern, TablePattern } from './pattern.ts';

/**
 * What an agent lets a statement read, from its policy file. It narrows what the guard and the database role allow and
 * never widens it.
 */
export interface Policy {
  /** Null: any that is not denied. */
  readonly allowedTables: readonly TablePattern[] | null;
  readonly deniedTables: readonly TablePattern[];
  readonly allowedColumns: readonly ColumnPattern[] | null;
  readonly deniedColumns: readonly ColumnPattern[];
  /** The first that matches holds. */
  readonly masks: readonly ColumnMask[];
  /** Views that may show what their tables would not. */
  readonly trustedViews: readonly TablePattern[];
  readonly limits: Partial<QueryLimits & ConcurrencyLimits>;
  /** What may go to a model at most. */
  readonly egress: Egress;
  /** The worst grade of the database role that the agent starts with. */
  readonly posture: Grade | null;
}

/** How much an agent may do at once. */
export interface ConcurrencyLimits {
  /** Statements that run at the same time. */
  readonly statements: number;
  /** Statements that may wait for their turn, and how long. */
  readonly waiting: number;
  readonly waitMs: number;
  /** Sessions with the database, for statements and look-ups together. */
  readonly sessions: number;
}

interface ColumnMask {
  readonly pattern: ColumnPattern;
  readonly mask: Mask;
}

/** An agent without a policy file. */
export const OPEN_POLICY: Policy = {
  allowedTables: null,
  deniedTables: [],
  allowedColumns: null,
  deniedColumns: [],
  masks: [],
  trustedViews: [],
  limits: {},
  egress: 'rows',
  posture: null,
};

/** Whether any rule is about tables or columns, so that statements have to be looked at. */
export function restrictsReads({ allowedTables, allowedColumns, deniedTables, deniedColumns, masks }: Policy): boolean {
  return (
    allowedTables !== null || allowedColumns !== null || deniedTables.length + deniedColumns.length + masks.length > 0
  );
}
