import type { ColumnUse } from '../../classify.ts';
import { ShownColumns } from '../../shown-columns.ts';
import { type Fields, fieldsOf, fold, isFields, listOf, textOf } from './nodes.ts';

/** The outermost select list of a statement, and the uses of columns that are its items by themselves. */
export interface SelectItems {
  readonly shown: ShownColumns;
  readonly columns: readonly ColumnUse[];
}

/** @param columnsAt what each COLUMN_REF and each plain STAR reads, by its fields */
export function selectItems(query: unknown, columnsAt: ReadonlyMap<unknown, readonly ColumnUse[]>): SelectItems {
  const select = described(fieldsOf(query));
  const items = listOf(select['select_list']).map(fieldsOf);
  const aliases = new Set(items.flatMap((item) => aliasOf(item) ?? []));
  const shown = new ShownColumns();
  const columns: ColumnUse[] = [];
  for (const item of items) {
    const uses = shownUses(columnsAt.get(item), aliases);
    columns.push(...(uses ?? []));
    shown.add(uses, aliasOf(item));
  }
  if (looksAtItems(select)) shown.useAll();
  for (const modifier of listOf(select['modifiers'])) useOrders(fieldsOf(modifier), shown);
  return { shown, columns };
}

/** Not where it may be a whole row, nor where it may mean another item by its alias, which every item may. */
function shownUses(uses: readonly ColumnUse[] | undefined, aliases: ReadonlySet<string>): ColumnUse[] | null {
  const certain = uses?.filter(({ isGuess }) => isGuess !== true) ?? [];
  const [use] = certain;
  if (use === undefined || certain.length > 1) return null;
  return !use.isQualified && aliases.has(use.name) ? null : certain;
}

function aliasOf(item: Fields): string | null {
  const alias = textOf(item, 'alias');
  return alias === undefined ? null : fold(alias);
}

/** DESCRIBE of a query shows that query's columns. */
function described(select: Fields): Fields {
  const source = fieldsOf(select['from_table']);
  return source['type'] === 'SHOW_REF' && source['show_type'] === 'DESCRIBE' ? fieldsOf(source['query']) : select;
}

function looksAtItems(select: Fields): boolean {
  const isPlain = select['type'] === 'SELECT_NODE' && select['aggregate_handling'] !== 'FORCE_AGGREGATES';
  const isGrouped = ['group_expressions', 'group_sets', 'having'].some((clause) => select[clause] !== undefined);
  const isDistinct = listOf(select['modifiers']).some((modifier) => fieldsOf(modifier)['type'] === 'DISTINCT_MODIFIER');
  return !isPlain || isGrouped || isDistinct;
}

function useOrders(modifier: Fields, shown: ShownColumns): void {
  if (modifier['type'] !== 'ORDER_MODIFIER') return;
  for (const order of listOf(modifier['orders'])) {
    let term = fieldsOf(fieldsOf(order)['expression']);
    while (term['class'] === 'COLLATE' && isFields(term['child'])) term = term['child'];
    const position = positionOf(term);
    if (position !== undefined) shown.usePosition(position);
    // ORDER BY ALL
    if (term['class'] === 'STAR') shown.useAll();
  }
}

/** `1` and `#1`. */
function positionOf(term: Fields): number | undefined {
  const position = term['class'] === 'CONSTANT' ? fieldsOf(term['value'])['value'] : term['index'];
  return typeof position === 'number' ? position : undefined;
}
