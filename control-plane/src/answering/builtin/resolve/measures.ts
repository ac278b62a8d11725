import { CONCEPTS, type ConceptName } from '../lexicon/concepts.ts';
import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import { stem } from '../text/stem.ts';
import { CannotRead } from './cannot-read.ts';
import { dateForm, eventDate } from './event-date.ts';

export interface Measured {
  readonly column: ColumnEntry;
  /** Greater values mean less of it: the later born, the younger. */
  readonly reversed: boolean;
}

/** The column of a table that an adjective measures: "oldest" its age, "largest" its only size. */
export function measureOf(table: TableEntry, concept: ConceptName): Measured {
  if (concept === 'date') return { column: eventDate(table, [], !hasDate(table)).column, reversed: false };
  const { words, reversed } = CONCEPTS[concept];
  const found = words.flatMap((phrase) => {
    const column = findByWords(table, phrase.split(' ').map(stem));
    return column === undefined ? [] : [{ column, reversed: (reversed as readonly string[]).includes(phrase) }];
  });
  const distinct = found.filter(({ column }, at) => found.findIndex((other) => other.column === column) === at);
  const [first, second] = distinct;
  if (first === undefined) throw new CannotRead(`${table.table.name} has nothing that says its ${concept}`);
  if (second !== undefined && concept === 'size') {
    throw new CannotRead(
      '“largest” may mean several things',
      distinct.map(({ column }) => column.column.name),
    );
  }
  return first;
}

const hasDate = ({ columns }: TableEntry): boolean => columns.some((column) => dateForm(column) === 'date');

function findByWords(table: TableEntry, phrase: readonly string[]): ColumnEntry | undefined {
  const exact = table.columns.find((column) => {
    const own = column.words.filter((word) => !column.tableWords.has(word));
    return own.length === phrase.length && phrase.every((word) => own.includes(word));
  });
  return (
    exact ??
    table.columns.find(
      ({ words, isKey, isForeignKey }) =>
        !isKey && !isForeignKey && phrase.every((word) => words.includes(word)) && words.length <= phrase.length + 1,
    )
  );
}
