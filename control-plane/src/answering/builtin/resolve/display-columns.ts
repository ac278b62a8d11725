import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';

const NAME_ENDS = ['name', 'titl', 'title', 'label', 'headline', 'subject'];

/** What people call a row of a table: its name or title, first and last name, the column named like the table, or its key. */
export function displayColumns(table: TableEntry): readonly ColumnEntry[] {
  const columns = table.columns.filter(
    ({ isForeignKey, column }) => !isForeignKey || table.table.primaryKey.includes(column.name),
  );
  const exact = columns.find(({ words, tableWords }) => isName(words.filter((word) => !tableWords.has(word))));
  if (exact !== undefined) return [exact];
  const first = columns.find(({ words }) => ['first name', 'given name', 'forename'].includes(words.join(' ')));
  const last = columns.find(({ words }) => ['last name', 'family name', 'surname'].includes(words.join(' ')));
  if (first !== undefined && last !== undefined) return [first, last];
  const sameName = columns.find(
    ({ words, column }) =>
      column.kind === 'text' &&
      words.length === table.words.length &&
      words.every((word) => table.words.includes(word)),
  );
  if (sameName !== undefined) return [sameName];
  const ending = columns.find(({ words, column }) => column.kind === 'text' && NAME_ENDS.includes(words.at(-1) ?? ''));
  if (ending !== undefined) return [ending];
  const described = columns.find(({ words, column }) => column.kind === 'text' && words.at(-1) === 'description');
  if (described !== undefined && columns.length <= 4) return [described];
  return table.key === null ? [] : [table.key];
}

const isName = (words: readonly string[]): boolean => words.length === 1 && NAME_ENDS.includes(words[0] ?? '');
