import type { SchemaTable } from '../schema.ts';
import { type ColumnPattern, matchesColumn, matchesTable, type TablePattern } from './pattern.ts';
import type { Policy } from './policy.ts';

/** Rules with a pattern that matches nothing in a schema: a typo, or a table that is gone. As denials name rules. */
export function unmatchedRules(policy: Policy, tables: readonly SchemaTable[]): string[] {
  const isTable = (pattern: TablePattern) => tables.some((table) => matchesTable(pattern, table));
  const isView = (pattern: TablePattern) =>
    tables.some((table) => table.kind !== 'table' && matchesTable(pattern, table));
  const isColumn = (pattern: ColumnPattern) =>
    tables.some((table) => table.columns.some(({ name }) => matchesColumn(pattern, table, name)));
  return [
    ...unmatched('tables.allow', policy.allowedTables ?? [], isTable),
    ...unmatched('tables.deny', policy.deniedTables, isTable),
    ...unmatched('columns.allow', policy.allowedColumns ?? [], isColumn),
    ...unmatched('columns.deny', policy.deniedColumns, isColumn),
    ...unmatched(
      'masks',
      policy.masks.map(({ pattern }) => pattern),
      isColumn,
    ),
    ...unmatched('views.trusted', policy.trustedViews, isView),
  ];
}

function unmatched<T extends { readonly text: string }>(
  rule: string,
  patterns: readonly T[],
  matches: (pattern: T) => boolean,
): string[] {
  return patterns.filter((pattern) => !matches(pattern)).map(({ text }) => `${rule}: "${text}"`);
}
