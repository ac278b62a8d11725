import type { Token } from '../text/tokenize.ts';
import { addUnits, type DateRange, formatDay, parseDay, startOf, type Unit, unitRange } from './date-range.ts';

/** A date phrase that begins at `at`, and the token after it. */
export interface DatePhrase {
  readonly range: DateRange;
  readonly to: number;
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const UNITS: ReadonlyMap<string, Unit> = new Map(
  (['day', 'week', 'month', 'quarter', 'year'] as const).flatMap((unit) => [
    [unit, unit] as const,
    [`${unit}s`, unit] as const,
  ]),
);

export const isYear = (number: number | undefined): number is number =>
  number !== undefined && Number.isInteger(number) && number >= 1800 && number <= 2100;

/**
 * "last month", "this year", "past 30 days", "yesterday", "May", "May 2025", "5 May 2025", "Q3 2024",
 * "2024-03-05". A bare year is not taken: it may be a number, which the schema decides.
 */
export function parseDate(tokens: readonly Token[], at: number, today: string): DatePhrase | null {
  const lower = tokens[at]?.lower ?? '';
  const now = parseDay(today);
  if (lower === 'today') return { range: unitRange('day', now, 'today'), to: at + 1 };
  if (lower === 'yesterday') return { range: unitRange('day', addUnits('day', now, -1), 'yesterday'), to: at + 1 };
  return (
    relative(tokens, at, now) ??
    isoDate(lower, at) ??
    quarter(tokens, at, now) ??
    monthName(tokens, at, now) ??
    dayMonth(tokens, at, now)
  );
}

function relative(tokens: readonly Token[], at: number, now: Date): DatePhrase | null {
  const words = tokens.slice(at, at + 4).map(({ lower }) => lower);
  const skip = words[0] === 'the' ? 1 : 0;
  const [which = '', second = '', third = ''] = words.slice(skip);
  const unit = UNITS.get(second);
  if (unit !== undefined && second === unit) {
    const offset =
      which === 'last' || which === 'previous' || which === 'past'
        ? -1
        : which === 'this' || which === 'current'
          ? 0
          : null;
    if (offset !== null)
      return {
        range: unitRange(unit, addUnits(unit, startOf(unit, now), offset), `${which} ${second}`),
        to: at + skip + 2,
      };
  }
  const count = tokens[at + skip + 1]?.number;
  const countUnit = UNITS.get(third);
  if (
    (which === 'last' || which === 'past' || which === 'previous') &&
    count !== undefined &&
    countUnit !== undefined
  ) {
    return { range: lastUnits(countUnit, count, now), to: at + skip + 3 };
  }
  if (words[0] === 'year' && words[1] === 'to' && words[2] === 'date') {
    return {
      range: { from: formatDay(startOf('year', now)), to: formatDay(addUnits('day', now, 1)), label: 'year to date' },
      to: at + 3,
    };
  }
  return null;
}

/** "the last 30 days" end today; "the last 3 months" are the same day three months ago up to today. */
function lastUnits(unit: Unit, count: number, now: Date): DateRange {
  return {
    from: formatDay(addUnits(unit, now, -count)),
    to: formatDay(addUnits('day', now, 1)),
    label: `last ${count} ${unit}${count === 1 ? '' : 's'}`,
  };
}

function isoDate(lower: string, at: number): DatePhrase | null {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(lower);
  if (day !== null && !Number.isNaN(parseDay(lower).getTime()))
    return { range: unitRange('day', parseDay(lower), lower), to: at + 1 };
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(lower);
  if (month !== null) return { range: unitRange('month', parseDay(`${lower}-01`), lower), to: at + 1 };
  return null;
}

function quarter(tokens: readonly Token[], at: number, now: Date): DatePhrase | null {
  const number = /^q([1-4])$/.exec(tokens[at]?.lower ?? '')?.[1];
  if (number === undefined) return null;
  const next = tokens[at + 1]?.number;
  const year = isYear(next) ? next : now.getUTCFullYear();
  const from = new Date(Date.UTC(year, 3 * (Number(number) - 1), 1));
  return { range: unitRange('quarter', from, `Q${number} ${year}`), to: isYear(next) ? at + 2 : at + 1 };
}

function monthOf(token: Token | undefined): number | null {
  if (token === undefined || token.kind !== 'word') return null;
  const index = MONTHS.findIndex(
    (name) => name === token.lower || (name.slice(0, 3) === token.lower && name.length > 3),
  );
  // "may" and "march" are also verbs: as months they are written with a capital.
  if ((token.lower === 'may' || token.lower === 'march' || token.lower === 'mar') && !/^\p{Lu}/u.test(token.text))
    return null;
  return index < 0 ? null : index;
}

/** Without a year: the latest such month that has begun. */
function monthName(tokens: readonly Token[], at: number, now: Date): DatePhrase | null {
  const month = monthOf(tokens[at]);
  if (month === null) return null;
  const day = tokens[at + 1]?.number;
  const next = tokens[at + 1]?.lower === ',' || tokens[at + 1]?.lower === 'of' ? at + 2 : at + 1;
  const year = tokens[next]?.number;
  if (isYear(year)) return monthRange(year, month, next + 1);
  if (day !== undefined && day >= 1 && day <= 31) return dayOf(tokens, at + 2, day, month, now);
  const latest = month <= now.getUTCMonth() ? now.getUTCFullYear() : now.getUTCFullYear() - 1;
  return monthRange(latest, month, at + 1);
}

function monthRange(year: number, month: number, to: number): DatePhrase {
  const name = `${capital(MONTHS[month] ?? '')} ${year}`;
  return { range: unitRange('month', new Date(Date.UTC(year, month, 1)), name), to };
}

function dayMonth(tokens: readonly Token[], at: number, now: Date): DatePhrase | null {
  const day = tokens[at]?.number;
  const month = monthOf(tokens[at + 1]);
  if (day === undefined || month === null || day < 1 || day > 31) return null;
  return dayOf(tokens, at + 2, day, month, now);
}

function dayOf(tokens: readonly Token[], at: number, day: number, month: number, now: Date): DatePhrase {
  const next = tokens[at]?.lower === ',' ? at + 1 : at;
  const year = tokens[next]?.number;
  const known = isYear(year);
  const latest =
    new Date(Date.UTC(now.getUTCFullYear(), month, day)) <= now ? now.getUTCFullYear() : now.getUTCFullYear() - 1;
  const date = new Date(Date.UTC(known ? year : latest, month, day));
  return { range: unitRange('day', date, formatDay(date)), to: known ? next + 1 : at };
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
