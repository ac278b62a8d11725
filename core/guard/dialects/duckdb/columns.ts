import type { ColumnUse } from '../../classify.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { TableName } from '../../verdict.ts';

/**
 * What `a.b.c` may read. DuckDB takes it for a table's column where there is one, then for a field of a column; which
 * of them only the schema tells. The first is the likely one, the others are guesses that a policy has to reckon with.
 * @param parts folded, from the left
 */
export function columnUses(
  parts: readonly string[],
  scope: Scope,
  offset: number,
  { isGuess = false } = {},
): ColumnUse[] {
  const uses: ColumnUse[] = [];
  const add = (tables: readonly TableName[], name: string, isQualified: boolean) => {
    const isSecond = isGuess || uses.length > 0;
    uses.push({ tables, isQualified, name, role: 'used', offset, ...(isSecond ? { isGuess: true } : {}) });
  };
  // catalog.schema.table.column, schema.table.column, table.column
  for (let index = Math.min(2, parts.length - 2); index >= 0; index--) {
    const table = scope.tableOf(parts[index] ?? '');
    if (table !== undefined) add(table === null ? [] : [table], parts[index + 1] ?? '', true);
  }
  const [first = ''] = parts;
  add(scope.tablesInReach(), first, false);
  // A FROM item's name stands for its whole row where no column has it.
  const rows = [first, ...(parts.length > 1 ? [parts.at(-1) ?? ''] : [])];
  for (const [index, row] of rows.entries()) {
    const table = scope.tableOf(row);
    if (!table) continue;
    if (parts.length === 1) uses.push({ tables: [table], isQualified: true, name: '*', role: 'used', offset });
    else if (index > 0) add([table], '*', true);
  }
  return uses;
}
