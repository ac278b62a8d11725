import type { ColumnUse } from '../../classify.ts';
import { ShownColumns } from '../../shown-columns.ts';
import { type Fields, isFields, listOf, textOf, unwrap } from './nodes.ts';

/** The outermost select list of a statement, and the uses of columns that are its items by themselves. */
export interface SelectItems {
  readonly shown: ShownColumns;
  readonly columns: readonly ColumnUse[];
}

/** Clauses that look at the items before they are shown; a set operation does too. */
const LOOKING = ['distinctClause', 'groupClause', 'havingClause', 'larg', 'rarg'];

/** @param columnsAt what each ColumnRef reads, by its fields */
export function selectItems(query: unknown, columnsAt: ReadonlyMap<unknown, readonly ColumnUse[]>): SelectItems {
  const shown = new ShownColumns();
  const select = unwrap(query)?.fields ?? {};
  const columns: ColumnUse[] = [];
  for (const target of listOf(select['targetList'])) {
    const { fields = {} } = unwrap(target) ?? {};
    const value = unwrap(fields['val']);
    const uses = value?.kind === 'ColumnRef' ? columnsAt.get(value.fields) : undefined;
    // One that may also be a whole row is shown in a form of its own.
    const item = uses?.length === 1 ? uses : null;
    columns.push(...(item ?? []));
    shown.add(item, textOf(fields, 'name') ?? null);
  }
  if (LOOKING.some((clause) => select[clause] !== undefined)) shown.useAll();
  for (const term of listOf(select['sortClause'])) {
    const position = integer(unwrap(unwrap(term)?.fields['node']));
    if (position !== undefined) shown.usePosition(position);
  }
  return { shown, columns };
}

function integer(node: { readonly kind: string; readonly fields: Fields } | undefined): number | undefined {
  const value = node?.kind === 'A_Const' ? node.fields['ival'] : undefined;
  return isFields(value) ? Number(value['ival'] ?? 0) : undefined;
}
