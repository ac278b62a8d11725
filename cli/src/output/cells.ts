import stringWidth from 'string-width';
import type { Cell, ValueKind } from '#core/values.ts';
import { safe } from './safe.ts';

export const NULL_SIGN = '∅';
const ELLIPSIS = '…';

const NUMERIC: ReadonlySet<ValueKind> = new Set(['integer', 'float', 'decimal']);
export const isNumeric = (kind: ValueKind): boolean => NUMERIC.has(kind);

/** A cell as people see it, on one line. */
export const displayText = (cell: Cell): string => (cell === null ? NULL_SIGN : safe(String(cell)));

/** In terminal columns. */
export const widthOf = (text: string): number => (/^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text));

/** At most `width` columns of safe text, never half of a character; what is cut ends in an ellipsis. */
export function fitText(text: string, width: number, segmenter: Intl.Segmenter): string {
  if (widthOf(text) <= width) return text;
  let fitting = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += widthOf(segment);
    if (used > width - 1) break;
    fitting += segment;
  }
  return fitting + ELLIPSIS;
}

/** As `fitText`, but the end is what is kept; what is cut begins with an ellipsis. */
export function fitEnd(text: string, width: number, segmenter: Intl.Segmenter): string {
  if (widthOf(text) <= width) return text;
  let fitting = '';
  let used = 0;
  for (const { segment } of [...segmenter.segment(text)].reverse()) {
    used += widthOf(segment);
    if (used > width - 1) break;
    fitting = segment + fitting;
  }
  return ELLIPSIS + fitting;
}

export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + spaces : spaces + text;
}
