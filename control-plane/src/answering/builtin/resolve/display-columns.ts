import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import { stem, stems } from '../text/stem.ts';

const NAME = stem('name');
const NAME_ENDS = stems('name title label headline subject');

/** What people call a row of a table: its name or title, first and last name, the column named like the table, or its key. */
export function displayColumns(table: TableEntry): readonly ColumnEntry[] {
  const columns = table.columns.filter(
    ({ isForeignKey, column }) => !isForeignKey || table.table.primaryKey.includes(column.name),
  );
  const own = columns.find(({ words, tableWords }) => words.filter((word) => !tableWords.has(word)).join(' ') === NAME);
  if (own !== undefined) return [own];
  const first = columns.find((column) => FIRST_NAMES.has(ownWords(column)));
  const last = columns.find((column) => LAST_NAMES.has(ownWords(column)));
  if (first !== undefined && last !== undefined) return [first, last];
  const exact = columns.find(({ words, tableWords }) => isName(words.filter((word) => !tableWords.has(word))));
  if (exact !== undefined) return [exact];
  const sameName = columns.find(
    ({ words, column }) =>
      column.kind === 'text' &&
      words.length === table.words.length &&
      words.every((word) => table.words.includes(word)),
  );
  if (sameName !== undefined) return [sameName];
  // What happens has a date and belongs to others; a name in it is somebody else's (an order's ship_name).
  const happens =
    table.columns.some(({ isForeignKey, references }) => isForeignKey || references !== null) &&
    table.columns.some(({ column }) => column.kind === 'date' || column.kind === 'timestamp');
  const ending = happens
    ? undefined
    : columns.find(
        ({ words, column }) => column.kind === 'text' && NAME_ENDS.has(words.at(-1) ?? '') && !isNested(column.name),
      );
  if (ending !== undefined) return [ending];
  const described = columns.find(({ words, column }) => column.kind === 'text' && words.at(-1) === 'description');
  if (described !== undefined && columns.length <= 4) return [described];
  return table.key === null ? [] : [table.key];
}

const phrases = (list: readonly string[]): ReadonlySet<string> =>
  new Set(list.map((phrase) => phrase.split(' ').map(stem).join(' ')));

/** Without the table's own: pat_first_name of patients is the first name. */
const ownWords = ({ words, tableWords }: ColumnEntry): string =>
  words.filter((word) => !tableWords.has(word)).join(' ');

const FIRST_NAMES = phrases(['first name', 'given name', 'forename', 'fore name']);
const LAST_NAMES = phrases(['last name', 'family name', 'surname', 'sur name']);

/** In a document within a document a name is that one's. */
const isNested = (name: string): boolean => name.includes('.');

const isName = (words: readonly string[]): boolean => words.length === 1 && NAME_ENDS.has(words[0] ?? '');
