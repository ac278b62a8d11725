import type { TableName } from '../guard/verdict.ts';
import type { Mask } from './mask.ts';
import {
  type ColumnPattern,
  isAnyTable,
  matchesColumn,
  matchesTable,
  type TablePattern,
  touchesColumn,
} from './pattern.ts';
import type { Policy } from './policy.ts';

/** Which rule of the policy a table falls under, as a denial names it: `tables.deny: "hr.*"`. */
export interface TableRule {
  readonly rule: string;
}

export type ColumnRule = TableRule;

export interface MaskRule extends TableRule {
  readonly mask: Mask;
}

/** @param called all names of one table; @returns the rule that keeps it from being read, undefined where none does */
export function tableRule(policy: Policy, called: readonly TableName[]): TableRule | undefined {
  const matching = (patterns: readonly TablePattern[]) =>
    patterns.find((pattern) => called.some((name) => matchesTable(pattern, name)));
  const deniedBy = matching(policy.deniedTables);
  if (deniedBy !== undefined) return { rule: `tables.deny: "${deniedBy.text}"` };
  const isAllowed =
    policy.allowedTables === null || (matching(policy.allowedTables) !== undefined && !called.some(isAnyTable));
  return isAllowed ? undefined : { rule: 'tables.allow has no entry for it' };
}

/** @param column `*` stands for every column there is, also those that nobody could list */
export function columnRule(policy: Policy, called: readonly TableName[], column: string): ColumnRule | undefined {
  const deniedBy = policy.deniedColumns.find((pattern) => covers(pattern, called, column));
  if (deniedBy !== undefined) return { rule: `columns.deny: "${deniedBy.text}"` };
  // A star is allowed by a pattern for any column only.
  const isAllowed =
    policy.allowedColumns?.some((pattern) =>
      called.some((name) => matchesColumn(pattern, name, column) && !isAnyTable(name)),
    ) ?? true;
  return isAllowed ? undefined : { rule: 'columns.allow has no entry for it' };
}

export function maskOf(policy: Policy, called: readonly TableName[], column: string): MaskRule | undefined {
  const found = policy.masks.find(({ pattern }) => covers(pattern, called, column));
  return found && { rule: `masks: "${found.pattern.text}"`, mask: found.mask };
}

function covers(pattern: ColumnPattern, called: readonly TableName[], column: string): boolean {
  return called.some((name) =>
    column === '*' ? matchesTable(pattern.table, name) : touchesColumn(pattern, name, column),
  );
}

/** Relations in which engines keep samples of what their tables hold. */
const STATISTICS =
  /^(pg_stats|pg_stats_ext|pg_stats_ext_exprs|pg_statistic|pg_statistic_ext_data|sqlite_stat[1-4]|column_stats(istics)?|index_stats)$/i;

/** Whatever its schema: a table of somebody's own by that name has to be renamed to be read. */
export const isStatistics = ({ name }: TableName): boolean => STATISTICS.test(name);
