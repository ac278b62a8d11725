import { LINKING_VERBS } from '../lexicon/glue.ts';
import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import { root, stem, stems } from '../text/stem.ts';
import { CannotRead } from './cannot-read.ts';

export type DateColumn = { readonly column: ColumnEntry; readonly form: 'date' | 'year' };

const DATE_WORDS = stems('date datetime time timestamp at on day');
/** Dates that say something about a row other than when it happened. */
const SIDE_DATES = stems(
  'update modified changed last due required end birth born deleted expires expiry shipped delivered returned valid to left until synced loaded closed cancelled canceled',
);

/** How a column says when: a date, a year, or not at all. */
export function dateForm({ column, words }: ColumnEntry): 'date' | 'year' | null {
  if (column.kind === 'date' || column.kind === 'timestamp') return 'date';
  if (
    words.includes('year') &&
    !words.includes('id') &&
    (column.kind === 'integer' || column.kind === 'text' || column.kind === 'float' || column.kind === 'decimal')
  )
    return 'year';
  if (column.kind === 'text' && words.some((word) => DATE_WORDS.has(word)) && words.length <= 4) return 'date';
  return null;
}

/**
 * The column that says when a row of this table happened, as far as there is one that is meant:
 * the one a verb names ("shipped last month"), the only one, or the only one that is no side date.
 */
export function eventDate(
  table: TableEntry,
  hintWords: readonly string[],
  yearsToo: boolean,
  named: readonly ColumnEntry[] = [],
): DateColumn {
  const dates = table.columns.flatMap((column) => {
    const form = dateForm(column);
    return form === null || (form === 'year' && !yearsToo) ? [] : [{ column, form }];
  });
  const hinted = dates.filter(({ column }) => named.includes(column) || saidBy(column, hintWords));
  if (hinted.length === 1 && hinted[0] !== undefined) return hinted[0];
  const main = dates.filter(({ column }) => !column.words.some((word) => SIDE_DATES.has(word)));
  const [only, ...others] = main.length > 0 ? main : dates;
  if (only === undefined) throw new CannotRead(`${table.table.name} has no date`);
  if (others.length === 0) {
    refuseOtherVerb(table, only.column, hintWords);
    return only;
  }
  const own = main.filter(({ column }) =>
    column.words.some((word) => table.words.some((name) => root(name) === root(word))),
  );
  if (own.length === 1 && own[0] !== undefined) return own[0];
  throw new CannotRead(
    `${table.table.name} has several dates`,
    main.map(({ column }) => column.column.name),
  );
}

/** A verb of the question names this column: "shipped" shipped_at. */
export function saidBy(column: ColumnEntry, words: readonly string[]): boolean {
  const own = column.words.filter((word) => !DATE_WORDS.has(word) && word !== 'year');
  return words.some((word) => own.some((part) => root(part) === root(stem(word))));
}

const PLAIN_VERBS = stems('place make create happen occur hold list record take do be go come get register have');

/** "items sold in 2025" says nothing of when an item was launched. */
function refuseOtherVerb(table: TableEntry, column: ColumnEntry, words: readonly string[]): void {
  const verbs = words.filter((word) => LINKING_VERBS.has(stem(word)) && !PLAIN_VERBS.has(stem(word)));
  const telling = column.words.filter((word) => !DATE_WORDS.has(word) && word !== 'year' && !PLAIN_VERBS.has(word));
  const own = telling.every((word) => table.words.some((name) => root(name) === root(word)));
  if (verbs.length > 0 && !own && !saidBy(column, words))
    throw new CannotRead(`“${verbs.join(' ')}” has no date in ${table.table.name}`);
}
