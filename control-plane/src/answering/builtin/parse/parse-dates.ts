import { type DateRange, yearRange } from '../dates/date-range.ts';
import { isYear, parseDate } from '../dates/parse-date.ts';
import { TRAILING_COMPARATIVES } from '../lexicon/comparatives.ts';
import type { Cursor } from './cursor.ts';
import type { Glue } from './parse-glue.ts';
import type { Modifier } from './question-tree.ts';

/** "last month", "since May", "before 2024-03-01", "between May and July 2025". */
export function parseDateModifier(cursor: Cursor, glue: Glue): Modifier | null {
  // "the last year" of a party with a column of that name.
  if (cursor.mention('column')?.candidates.some(({ quality }) => quality === 1) && cursor.is('last', 'first', 'this'))
    return null;
  const ranges = parseRange(cursor);
  if (ranges === null) return null;
  return { kind: 'date', ranges: [ranges], negated: glue.negated, hints: glue.hints };
}

function parseRange(cursor: Cursor): DateRange | null {
  const bound = cursor.eat('since', 'from')
    ? 'since'
    : cursor.eat('after')
      ? 'after'
      : cursor.eat('before', 'until', 'till', 'prior to')
        ? 'before'
        : cursor.eat('between')
          ? 'between'
          : null;
  cursor.eat('the');
  const first = takeDate(cursor);
  if (first === null) return null;
  switch (bound) {
    case 'since':
      return upTo(cursor, first) ?? { from: first.from, to: null, label: `since ${first.label}` };
    case 'after':
      return { from: first.to, to: null, label: `after ${first.label}` };
    case 'before':
      return { from: null, to: first.from, label: `before ${first.label}` };
    case 'between':
      return upTo(cursor, first);
    case null:
      return first;
    default:
      return bound satisfies never;
  }
}

function upTo(cursor: Cursor, first: DateRange): DateRange | null {
  return cursor.attempt(() => {
    if (!cursor.eat('and', 'to', 'until', 'till', 'through')) return null;
    const last = takeDate(cursor);
    return last === null ? null : { from: first.from, to: last.to, label: `${first.label} to ${last.label}` };
  });
}

function takeDate(cursor: Cursor): DateRange | null {
  const phrase = parseDate(cursor.tokens, cursor.at, cursor.today);
  if (phrase === null) return null;
  cursor.advance(phrase.to - cursor.at);
  return phrase.range;
}

/** A bare year or several: "in 2014", "in year 2014 or 2015". The schema says whether it is a number or a date. */
export function parseYear(cursor: Cursor, glue: Glue): Modifier | null {
  cursor.eat('the year of', 'the years of', 'the year', 'the years', 'year', 'years');
  const both = cursor.eat('both') || glue.both;
  const years: number[] = [];
  let listed = false;
  for (;;) {
    const next = cursor.attempt(() => {
      const and = years.length > 0 && cursor.eat('and');
      if (years.length > 0 && !and && !cursor.eat('or', ',')) return null;
      listed ||= and;
      cursor.eat('in');
      const number = cursor.peek()?.number;
      if (!isYear(number) || cursor.peek()?.kind !== 'number') return null;
      cursor.advance();
      return number;
    });
    if (next === null) break;
    years.push(next);
  }
  if (years.length === 0) return null;
  const [only] = years;
  const open = years.length === 1 ? cursor.eatLongest(TRAILING_COMPARATIVES) : undefined;
  if (open !== undefined && only !== undefined) {
    const { from, to } = yearRange(only);
    const range =
      open === '>=' ? { from, to: null, label: `since ${only}` } : { from: null, to, label: `until ${only}` };
    return { kind: 'date', ranges: [range], negated: glue.negated, hints: glue.hints };
  }
  return {
    kind: 'date',
    ranges: years.map(yearRange),
    negated: glue.negated,
    hints: { ...glue.hints, words: both ? [...glue.words, 'both'] : listed ? [...glue.words, 'each of'] : glue.words },
  };
}
