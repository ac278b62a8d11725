import type { Cell } from '#core/values.ts';
import { isNumeric, NULL_SIGN } from './cells.ts';
import type { Renderer } from './renderer.ts';
import { safe } from './safe.ts';

/** A GitHub-flavoured Markdown table. */
export function markdownRenderer(): Renderer {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return {
    head: (columns) =>
      line(columns.map(({ name }) => field(name))) +
      line(columns.map(({ kind }) => (isNumeric(kind) ? '---:' : '---'))),
    rows: (rows) => rows.map((row) => line(row.map(field))).join(''),
    foot: () => '',
    omissions: () => [],
  };
}

/** A backslash is escaped too: before a "|" of the data it would undo that one's escape. */
function field(cell: Cell): string {
  if (cell === null) return NULL_SIGN;
  const text = String(cell).replace(/[\\|<`*]/g, '\\$&');
  return text.split(/\r?\n/).map(safe).join('<br>');
}
