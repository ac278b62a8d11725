import type { ConceptName } from './concepts.ts';

export interface Superlative {
  readonly direction: 'asc' | 'desc';
  /** What is measured; null: what the next words name. */
  readonly concept: ConceptName | null;
}

const top = (concept: ConceptName | null = null): Superlative => ({ direction: 'desc', concept });
const bottom = (concept: ConceptName | null = null): Superlative => ({ direction: 'asc', concept });

/** "most" and "least" are here as well: before a noun they count ("the most concerts"). */
export const SUPERLATIVES: ReadonlyMap<string, Superlative> = new Map([
  ['highest', top()],
  ['maximum', top()],
  ['max', top()],
  ['greatest', top()],
  ['largest', top('size')],
  ['biggest', top('size')],
  ['top', top()],
  ['most', top()],
  ['the most', top()],
  ['lowest', bottom()],
  ['minimum', bottom()],
  ['min', bottom()],
  ['smallest', bottom('size')],
  ['least', bottom()],
  ['fewest', bottom()],
  ['oldest', top('age')],
  ['eldest', top('age')],
  ['youngest', bottom('age')],
  ['heaviest', top('weight')],
  ['lightest', bottom('weight')],
  ['tallest', top('height')],
  ['longest', top('length')],
  ['shortest', bottom('length')],
  ['fastest', top('speed')],
  ['slowest', bottom('speed')],
  ['most expensive', top('price')],
  ['priciest', top('price')],
  ['costliest', top('price')],
  ['least expensive', bottom('price')],
  ['cheapest', bottom('price')],
  ['latest', top('date')],
  ['newest', top('date')],
  ['most recent', top('date')],
  ['most recently', top('date')],
  ['earliest', bottom('date')],
  ['best', top('quality')],
  ['worst', bottom('quality')],
  ['richest', top('wealth')],
  ['poorest', bottom('wealth')],
  ['best paid', top('pay')],
  ['highest paid', top('pay')],
  ['lowest paid', bottom('pay')],
  ['most populous', top('people')],
  ['most populated', top('people')],
  ['least populous', bottom('people')],
  ['least populated', bottom('people')],
  ['most experienced', top('experience')],
  ['least experienced', bottom('experience')],
]);

/** By how many rows there are of each: "the most common hometown". */
export const BY_FREQUENCY: ReadonlyMap<string, 'asc' | 'desc'> = new Map([
  ['most common', 'desc'],
  ['most frequent', 'desc'],
  ['most frequently used', 'desc'],
  ['most prevalent', 'desc'],
  ['most commonly used', 'desc'],
  ['least common', 'asc'],
  ['least frequent', 'asc'],
  ['rarest', 'asc'],
]);
