import type { Step } from '../join-paths.ts';
import { unprovenVerb } from '../lexicon/telling-verbs.ts';
import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import { CannotRead } from './cannot-read.ts';

/** "members who reserved a book": refused where nothing on the way to the books tells of reserving. */
export function refuseUnprovenVerb(
  words: readonly string[],
  { from, steps, column }: { from: TableEntry; steps: readonly Step[]; column: ColumnEntry | null },
): void {
  const tables = [from, ...steps.flatMap(({ edge }) => [edge.from, edge.to])];
  const keys = steps.flatMap(({ edge }) => edge.fromColumns);
  const named = [...tables, ...keys, ...(column === null ? [] : [column])].flatMap((entry) => entry.words);
  const verb = unprovenVerb(words, named);
  if (verb !== null) throw new CannotRead(`nothing here says what was “${verb}”`);
}
