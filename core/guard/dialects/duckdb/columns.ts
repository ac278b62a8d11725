import type { ColumnUse } from '../../classify.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { TableName } from '../../verdict.ts';

/**
 * What `a.b.c` may read. DuckDB takes it for a table's column where there is one, then for a field of a column; which
 * of them only the schema tells. The first is the likely one, the others are guesses that a policy has to reckon with.
 * @param parts folded, from the left
 */
export function columnUses(parts: readonly string[], scope: Scope, offset: number): ColumnUse[] {
  const uses: ColumnUse[] = [];
  const add = (tables: readonly TableName[], name: string, isQualified: boolean) => {
    const guess = uses.length > 0 ? { isGuess: true } : {};
    uses.push({ tables, isQualified, name, role: 'used', offset, ...guess });
  };
  // catalog.schema.table.column, schema.table.column, table.column
  for (let index = Math.min(2, parts.length - 2); index >= 0; index--) {
    for (const table of scope.tablesOf(parts[index] ?? '')) {
      add(table === null ? [] : [table], parts[index + 1] ?? '', true);
    }
  }
  const [first = ''] = parts;
  add(scope.tablesInReach(), first, false);
  // A FROM item's name stands for its whole row where no column has it.
  const rows = [first, ...(parts.length > 1 ? [parts.at(-1) ?? ''] : [])];
  for (const [index, row] of rows.entries()) {
    for (const table of scope.tablesOf(row).filter((table) => table !== null)) {
      if (parts.length === 1) uses.push({ tables: [table], isQualified: true, name: '*', role: 'used', offset });
      else if (index > 0) add([table], '*', true);
    }
  }
  return uses;
}

/** `*`, `t.*`, and `s.*` for the fields of a struct. */
export function starUses(relation: string | undefined, scope: Scope, offset: number): ColumnUse[] {
  const use = { isQualified: relation !== undefined, name: '*', role: 'used', offset } as const;
  if (relation === undefined) return [{ ...use, tables: scope.ownTables() }];
  const [nearest, ...others] = scope.tablesOf(relation);
  const struct = { ...use, tables: scope.tablesInReach(), isQualified: false, name: relation };
  if (nearest === undefined) return [struct];
  return [
    { ...use, tables: nearest === null ? [] : [nearest] },
    ...others.flatMap((table) => (table === null ? [] : [{ ...use, tables: [table], isGuess: true }])),
    { ...struct, isGuess: true },
  ];
}
