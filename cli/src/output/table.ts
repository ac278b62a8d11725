import type { Cell, Column, Row } from '#core/values.ts';
import { displayText, fitText, isNumeric, pad, widthOf } from './cells.ts';
import type { Renderer } from './renderer.ts';
import { safe } from './safe.ts';
import type { Style } from './style.ts';

interface TableOptions {
  /** Of the terminal; infinite where lines may have any length. */
  readonly columns: number;
  readonly style: Style;
}

/** Columns are not made narrower than this, or than their widest cell where that is less. */
const NARROWEST_COLUMN = 6;
const SEPARATOR = ' │ ';

/** A table as wide as its first rows, made to fit the terminal: what is cut ends in "…" and is told at the end. */
export function tableRenderer({ columns: room, style }: TableOptions): Renderer {
  const segmenter = new Intl.Segmenter();
  let columns: readonly Column[] = [];
  let widths: readonly number[] = [];
  let isCut = false;

  const shown = (text: string, i: number): string => {
    const width = widths[i] ?? 0;
    if (!Number.isFinite(room) || widthOf(text) <= width) return text;
    isCut = true;
    return fitText(text, width, segmenter);
  };
  const cellText = (cell: Cell, i: number): string => {
    const isLast = i === widths.length - 1;
    const align = isNumeric(columns[i]?.kind ?? 'text') ? 'right' : 'left';
    const text = shown(displayText(cell), i);
    const padded = isLast && align === 'left' ? text : pad(text, widths[i] ?? 0, align);
    return cell === null ? style('dim', padded) : padded;
  };
  const separator = style('dim', SEPARATOR);
  const rowText = (row: Row): string => `${widths.map((_, i) => cellText(row[i] ?? null, i)).join(separator)}\n`;

  return {
    head(given, sample) {
      columns = given;
      widths = layOut(naturalWidths(columns, sample), room);
      const names = widths.map((width, i) => {
        const align = isNumeric(columns[i]?.kind ?? 'text') ? 'right' : 'left';
        const text = shown(safe(columns[i]?.name ?? ''), i);
        return style('bold', i === widths.length - 1 && align === 'left' ? text : pad(text, width, align));
      });
      const rule = widths.map((width) => '─'.repeat(width)).join('─┼─');
      return columns.length === 0 ? '' : `${names.join(separator)}\n${style('dim', rule)}\n`;
    },
    rows: (rows) => rows.map(rowText).join(''),
    foot: () => '',
    omissions() {
      const hidden = columns.length - widths.length;
      return [
        ...(hidden > 0 ? [`${hidden} of ${columns.length} columns do not fit here; -o vertical shows them all.`] : []),
        ...(isCut ? ['Cells that end in "…" are cut to fit the terminal; -o vertical shows them whole.'] : []),
      ];
    },
  };
}

function naturalWidths(columns: readonly Column[], sample: readonly Row[]): number[] {
  const widths = columns.map(({ name }) => widthOf(safe(name)));
  for (const row of sample) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(displayText(cell)));
    });
  }
  return widths.map((width) => Math.max(width, 1));
}

/** Takes from the widest columns until all fit; where even narrow ones do not, the last columns go. */
function layOut(natural: readonly number[], room: number): number[] {
  if (!Number.isFinite(room)) return [...natural];
  const least = natural.map((width) => Math.min(width, NARROWEST_COLUMN));
  let kept = natural.length;
  while (kept > 1 && lineWidth(least.slice(0, kept)) > room) kept -= 1;
  const widths = natural.slice(0, kept);
  let excess = lineWidth(widths) - room;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST_COLUMN) break;
    const next = Math.max(NARROWEST_COLUMN, ...widths.filter((width) => width < widest));
    const widestOnes = widths.flatMap((width, i) => (width === widest ? [i] : []));
    for (const i of widestOnes) {
      const take = Math.min(widest - next, Math.ceil(excess / widestOnes.length), Math.max(excess, 0));
      widths[i] = widest - take;
      excess -= take;
    }
  }
  return widths;
}

const lineWidth = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + SEPARATOR.length * (widths.length - 1);
