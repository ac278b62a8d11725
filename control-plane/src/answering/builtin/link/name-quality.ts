import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import { stems } from '../text/stem.ts';
import type { Piece } from './word-pieces.ts';

/** Words in a name that a question often leaves out, and what they weigh beside the telling ones. */
const WEAK_WORDS = stems(
  'number count name code id date year type million m total detail details info usd kg cm km old tv amount level option description',
);
const COUNT_WORDS = stems('number count total amount');
const WEAK = 0.3;
const PARTIAL_BASE = 0.6;
const PARTIAL_SHARE = 0.3;

/** How well these words name this table; the last word of a name weighs most. */
export function tableQuality(table: TableEntry, pieces: readonly Piece[]): number {
  return share(table.words, pieces) * mean(pieces);
}

/**
 * How well these words name this column. Its table's own words need not be said ("age" for
 * Pets.pet_age) but something of its own must be.
 */
export function columnQuality(column: ColumnEntry, pieces: readonly Piece[], tablePieces: readonly Piece[]): number {
  const said = new Set(pieces.flatMap(({ words }) => words));
  if (column.commentWords.length > 0 && !column.words.some((word) => said.has(word)))
    return commentQuality(column, said);
  const own = column.words.filter((word) => !column.tableWords.has(word));
  if (own.length > 0 && !own.some((word) => said.has(word))) return 0;
  const required = own.length > 0 ? own : column.words;
  // "the number" alone is a count, whatever has a number in its name.
  if ([...said].every((word) => COUNT_WORDS.has(word)) && said.size < column.words.length) return 0;
  const complete = column.words.every((word) => said.has(word)) ? 1 : 0.99;
  // "singer" alone is the singer, not the number that refers to one.
  const unsaidId = column.words.includes('id') && !said.has('id') ? 0.7 : 1;
  return share(required, pieces) * mean([...pieces, ...tablePieces]) * complete * unsaidId;
}

function commentQuality(column: ColumnEntry, said: ReadonlySet<string>): number {
  const matched = column.commentWords.filter((word) => said.has(word)).length / column.commentWords.length;
  return matched >= 0.99 ? 0.8 : 0;
}

function share(words: readonly string[], pieces: readonly Piece[]): number {
  const said = new Set(pieces.flatMap((piece) => piece.words));
  const weigh = (list: readonly string[]): number =>
    list.reduce((sum, word) => sum + (WEAK_WORDS.has(word) ? WEAK : 1), 0);
  const matched = words.filter((word) => said.has(word));
  if (matched.length === words.length) return 1;
  const part = weigh(matched) / weigh(words);
  const last = words.at(-1);
  const headSaid = last !== undefined && (said.has(last) || WEAK_WORDS.has(last));
  return (PARTIAL_BASE + PARTIAL_SHARE * part) * (headSaid ? 1 : 0.8);
}

const mean = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { quality }) => sum + quality, 0) / Math.max(1, pieces.length);
