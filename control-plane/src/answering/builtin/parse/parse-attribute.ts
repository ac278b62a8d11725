import { AGGREGATES } from '../lexicon/aggregates.ts';
import { columnsOf, type Mention, tablesOf } from '../link/mention.ts';
import type { ColumnEntry } from '../schema-index/entries.ts';
import { stems } from '../text/stem.ts';
import type { Cursor } from './cursor.ts';
import type { AggregateName } from './question-tree.ts';

const NUMERIC_KINDS = new Set(['integer', 'float', 'decimal']);

export const isNumeric = ({ column }: ColumnEntry): boolean => NUMERIC_KINDS.has(column.kind);

/** A column that may be measured: a number that is no key. Text columns with telling names count too (SQLite data is often so). */
export function isMeasure({ column, isKey, isForeignKey, words }: ColumnEntry): boolean {
  if (isKey || isForeignKey || words.at(-1) === 'id') return false;
  return NUMERIC_KINDS.has(column.kind) || MEASURE_WORDS.has(words.at(-1) ?? '');
}

const MEASURE_WORDS = stems(
  'age price amount cost salary population year rank rating score size height weight capacity percent percentage share sales m date time number length',
);

/** A column named here. `numeric`: its best reading can be measured, and is no worse than a table of that name. */
export function parseAttribute(cursor: Cursor): { readonly mention: Mention; readonly numeric: boolean } | null {
  const derived = cursor.mention('measure');
  const mention = cursor.mention('column');
  if (derived !== null && (mention === null || derived.to > mention.to || !hasMeasure(mention))) {
    cursor.take(derived);
    return { mention: derived, numeric: true };
  }
  if (mention === null) return null;
  const columns = columnsOf(mention);
  const best = Math.max(...columns.map(({ quality }) => quality));
  const table = Math.max(0, ...tablesOf(mention).map(({ quality }) => quality));
  const numeric = columns.some(({ column, quality }) => quality >= best - 0.1 && isMeasure(column)) && table <= best;
  if (!numeric) return { mention, numeric };
  cursor.take(mention);
  return { mention, numeric };
}

/** A column of that very name is what is meant, not a figure made of others. */
const hasMeasure = (mention: Mention): boolean =>
  columnsOf(mention).some(({ column, quality }) => quality >= 0.9 && isMeasure(column));

/** One of "average", "total" …, where a column or "number" follows. */
export function parseAggregateWord(cursor: Cursor): AggregateName | null {
  return cursor.eatLongest(AGGREGATES) ?? null;
}
