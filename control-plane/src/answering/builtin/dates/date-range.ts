/** Days from `from` (included) to `to` (excluded), YYYY-MM-DD; null is open. `label` is how an asker would say it. */
export interface DateRange {
  readonly from: string | null;
  readonly to: string | null;
  readonly label: string;
}

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

const DAY_MS = 86_400_000;

export function formatDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function parseDay(text: string): Date {
  return new Date(`${text}T00:00:00Z`);
}

/** First day of the unit that holds `date`; weeks begin on Monday. */
export function startOf(unit: Unit, date: Date): Date {
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (unit) {
    case 'day':
      return new Date(Date.UTC(year, month, date.getUTCDate()));
    case 'week':
      return new Date(Date.UTC(year, month, date.getUTCDate() - ((date.getUTCDay() + 6) % 7)));
    case 'month':
      return new Date(Date.UTC(year, month, 1));
    case 'quarter':
      return new Date(Date.UTC(year, month - (month % 3), 1));
    case 'year':
      return new Date(Date.UTC(year, 0, 1));
    default:
      return unit satisfies never;
  }
}

/** `date`, which begins a unit, moved by `count` units. */
export function addUnits(unit: Unit, date: Date, count: number): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (unit) {
    case 'day':
      return new Date(date.getTime() + count * DAY_MS);
    case 'week':
      return new Date(date.getTime() + count * 7 * DAY_MS);
    case 'month':
      return new Date(Date.UTC(year, month + count, day));
    case 'quarter':
      return new Date(Date.UTC(year, month + 3 * count, day));
    case 'year':
      return new Date(Date.UTC(year + count, month, day));
    default:
      return unit satisfies never;
  }
}

export function unitRange(unit: Unit, within: Date, label: string): DateRange {
  const from = startOf(unit, within);
  return { from: formatDay(from), to: formatDay(addUnits(unit, from, 1)), label };
}

export const yearRange = (year: number): DateRange => ({
  from: `${year}-01-01`,
  to: `${year + 1}-01-01`,
  label: String(year),
});
