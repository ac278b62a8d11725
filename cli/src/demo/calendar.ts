import { at } from './random.ts';

/**
 * The shop's time: whole seconds, written as `YYYY-MM-DD HH:MM:SS` without a zone. UTC is used to
 * count with, so that no day has 23 hours; to the shop it is simply the wall clock.
 */
export type Seconds = number;

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Full months that the shop looks back on. */
const MONTHS_OF_HISTORY = 36;

export interface Period {
  /** The first second of the shop: the first day of a month, so that a month's databases only ever grow. */
  readonly start: Seconds;
  /** The first second that has not happened yet: the midnight that `today` begins with. */
  readonly end: Seconds;
}

/** @param today YYYY-MM-DD; the period ends with the day before, since nobody knows how far today has come. */
export function shopPeriod(today: string): Period {
  const end = Date.parse(`${today}T00:00:00Z`) / 1000;
  if (!/^\d{4}-\d\d-\d\d$/.test(today) || formatDate(end) !== today) {
    throw new RangeError(`Not a date of the form YYYY-MM-DD: ${today}`);
  }
  const date = new Date(end * 1000);
  return { start: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - MONTHS_OF_HISTORY, 1) / 1000, end };
}

/** The first second of each day of the period. */
export function* daysOf({ start, end }: Period): Generator<Seconds> {
  for (let day = start; day < end; day += DAY) yield day;
}

export function formatTimestamp(time: Seconds): string {
  return new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

export function formatDate(time: Seconds): string {
  return Number.isNaN(time) ? '' : new Date(time * 1000).toISOString().slice(0, 10);
}

const BUSY_MONTHS = [0.85, 0.8, 0.9, 0.95, 1, 0.95, 0.85, 0.85, 1, 1.05, 1.35, 1.5];
const BUSY_WEEKDAYS = [1.15, 1.1, 0.95, 0.9, 0.9, 1, 1.05];

/** How busy a day is beside an average one: the season, the weekday, and growth from 0.6 to 1.4 over the history. */
export function busyness(day: Seconds, { start }: Period): number {
  const date = new Date(day * 1000);
  const age = (day - start) / (MONTHS_OF_HISTORY * 30.4375 * DAY);
  return (0.6 + 0.8 * age) * at(BUSY_MONTHS, date.getUTCMonth()) * at(BUSY_WEEKDAYS, date.getUTCDay());
}
