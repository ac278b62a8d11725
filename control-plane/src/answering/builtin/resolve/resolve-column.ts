import { distance, hintScore, NO_PATH_HINTS, type PathHints } from '../join-paths.ts';
import { columnsOf, type Mention } from '../link/mention.ts';
import type { Expression } from '../logical-form.ts';
import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import { stem, stems } from '../text/stem.ts';
import { CannotRead } from './cannot-read.ts';
import { joinTo, type Reading, type Scope } from './scope.ts';

export interface ColumnChoice {
  readonly column: ColumnEntry;
  /** Doubt, 0 to about 1. */
  readonly cost: number;
}

/** What one more key between a noun and a column costs; and what makes two readings too close to call. */
export const STEP_COST = 0.15;
/** A foreign key is rarely what is asked for: its table is. */
const FOREIGN_KEY_COST = 0.15;
/** Words that every table has a column for: said of a thing, they are that thing's own. */
const GENERIC = stems('name id code type date description number detail details status title year');
const TOO_CLOSE = 0.04;
const DEAREST = 0.75;

/** The column a mention means when said of this table: near before far, exact before partial. */
export function chooseColumn(
  reading: Reading,
  table: TableEntry,
  mention: Mention,
  accept: (column: ColumnEntry) => boolean = () => true,
  hints: PathHints = NO_PATH_HINTS,
): ColumnChoice {
  const choices = columnsOf(mention)
    .filter(({ column }) => accept(column))
    .map(({ column, quality, namesTable }) => {
      const steps = distance(reading.index, table, column.table);
      const named =
        (namesTable ? 0.1 : 0) -
        (column.isForeignKey && !(quality > 0.95 && column.words.length > 1) ? FOREIGN_KEY_COST : 0);
      const step = GENERIC.has(stem(mention.text)) ? 3 * STEP_COST : STEP_COST;
      return { column, cost: 1 - quality + step * steps - named - 0.3 * hintScore(column, hints) };
    })
    .filter(({ cost }) => Number.isFinite(cost))
    .sort((a, b) => a.cost - b.cost);
  const [best, second] = choices;
  if (best === undefined || best.cost > DEAREST)
    throw new CannotRead(`“${mention.text}” is nothing that ${table.table.name} is known to have`);
  if (second !== undefined && second.cost - best.cost < TOO_CLOSE && !sameMeaning(best.column, second.column)) {
    throw new CannotRead(
      `“${mention.text}” may mean several things`,
      [best, second].map(({ column }) => describeColumn(column)),
    );
  }
  return { column: best.column, cost: Math.max(0, best.cost) };
}

/** A key and the foreign key that holds it carry the same values. */
function sameMeaning(a: ColumnEntry, b: ColumnEntry): boolean {
  return (
    a.table !== b.table &&
    a.column.name.toLowerCase() === b.column.name.toLowerCase() &&
    (a.isKey || b.isKey) &&
    (a.isForeignKey || b.isForeignKey)
  );
}

/** customers.city; of the elements of an array, whose table is named after it too, orders.items.price. */
export function describeColumn({ table, column }: ColumnEntry): string {
  const { name } = table.table;
  const array = column.name.split('.')[0] ?? '';
  return name.endsWith(`.${array}`) ? `${name.slice(0, -array.length)}${column.name}` : `${name}.${column.name}`;
}

/** The column as an expression, its table joined in; the doubt goes on the reading's account. */
export function resolveColumn(
  scope: Scope,
  mention: Mention,
  accept?: (column: ColumnEntry) => boolean,
  hints?: PathHints,
): Extract<Expression, { kind: 'column' }> {
  const { column, cost } = chooseColumn(scope.reading, scope.instance.table, mention, accept, hints);
  scope.reading.cost += cost;
  scope.reading.notes.set(mention, describeColumn(column));
  return { kind: 'column', instance: joinTo(scope, column.table), column };
}
