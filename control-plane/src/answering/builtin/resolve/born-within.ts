import { addUnits, formatDay, parseDay } from '../dates/date-range.ts';
import type { Modifier } from '../parse/question-tree.ts';
import type { ColumnEntry } from '../schema-index/entries.ts';
import { CannotRead } from './cannot-read.ts';

/** Days of birth, from (included) to (excluded), of those whose age on this day compares so: "older than 50". */
export function bornWithin(
  today: string,
  { column }: ColumnEntry,
  { comparison, operands }: Pick<Extract<Modifier, { kind: 'compare' }>, 'comparison' | 'operands'>,
): { readonly from: string | null; readonly to: string | null } {
  const [low, high] = operands.map((operand) => (operand.kind === 'number' ? operand.number : Number.NaN));
  const dated = column.kind === 'date' || column.kind === 'timestamp';
  if (!dated || low === undefined || !Number.isInteger(low) || (high !== undefined && !Number.isInteger(high)))
    throw new CannotRead('an age that is only known as a date of birth');
  /** The day after the last on which somebody was born who is this old by now. */
  const reached = (age: number): string => formatDay(addUnits('day', addUnits('year', parseDay(today), -age), 1));
  switch (comparison) {
    case '>':
      return { from: null, to: reached(low + 1) };
    case '>=':
      return { from: null, to: reached(low) };
    case '<':
      return { from: reached(low), to: null };
    case '<=':
      return { from: reached(low + 1), to: null };
    case '=':
      return { from: reached(low + 1), to: reached(low) };
    case 'between':
      return { from: reached((high ?? low) + 1), to: reached(low) };
    default:
      throw new CannotRead('an age that cannot be compared so');
  }
}
