import { stem, stems } from '../text/stem.ts';
import type { ColumnEntry, TableEntry } from './entries.ts';

/** Revenue as this schema holds it: quantity × price of a line, less its discount; or the amount of a payment or invoice. */
export interface DerivedMeasure {
  readonly factors: readonly ColumnEntry[];
  /** A share from 0 to 1 to take off. */
  readonly discount: ColumnEntry | null;
  readonly table: TableEntry;
}

const QUANTITY = stems('quantity');
const PRICE = stems('price');
const AMOUNT = stems('amount total');
const LINE_TOTALS: ReadonlySet<string> = new Set(
  ['line total', 'line amount', 'subtotal', 'extended price', 'line price'].map((name) =>
    name.split(' ').map(stem).join(' '),
  ),
);
const PAID_TABLES = stems('payment invoice sale order transaction purchase');
const NUMERIC = new Set(['integer', 'float', 'decimal']);

/** Null where the schema has no such columns, or has them in several tables. */
export function findRevenue(tables: readonly TableEntry[]): DerivedMeasure | null {
  const lines = tables.flatMap((table) => lineMeasure(table) ?? []);
  const [line] = lines;
  if (line !== undefined) return lines.length === 1 ? line : null;
  const paid = tables.flatMap((table) => paidMeasure(table) ?? []);
  return paid.length === 1 ? (paid[0] ?? null) : null;
}

function lineMeasure(table: TableEntry): DerivedMeasure | null {
  if (table.table.kind !== 'table') return null;
  const total = table.columns.find((column) => isNumeric(column) && LINE_TOTALS.has(column.words.join(' ')));
  if (total !== undefined) return { factors: [total], discount: null, table };
  const quantity = table.columns.find(
    (column) => isNumeric(column) && column.words.length === 1 && QUANTITY.has(column.words[0] ?? ''),
  );
  const price = table.columns.find((column) => isNumeric(column) && PRICE.has(column.words.at(-1) ?? ''));
  if (quantity === undefined || price === undefined) return null;
  const discount = table.columns.find(
    ({ words, column }) =>
      words.join(' ') === stem('discount') && (column.kind === 'float' || column.kind === 'decimal'),
  );
  return { factors: [quantity, price], discount: discount ?? null, table };
}

function paidMeasure(table: TableEntry): DerivedMeasure | null {
  if (table.table.kind !== 'table' || !table.words.some((word) => PAID_TABLES.has(word))) return null;
  const amount = table.columns.find((column) => isNumeric(column) && AMOUNT.has(column.words.at(-1) ?? ''));
  return amount === undefined ? null : { factors: [amount], discount: null, table };
}

/** What one row of a table is worth, where the table says so itself: an order's total. */
export function ownTotal(table: TableEntry): ColumnEntry | null {
  const totals = table.columns.filter(
    (column) => isNumeric(column) && column.words.every((word) => TOTAL_WORDS.has(word)),
  );
  return totals.length === 1 ? (totals[0] ?? null) : null;
}

const TOTAL_WORDS = stems('total amount value price sum');

const isNumeric = ({ column }: ColumnEntry): boolean => NUMERIC.has(column.kind);
