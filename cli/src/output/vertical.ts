import type { Column } from '#core/values.ts';
import { displayText, pad, widthOf } from './cells.ts';
import type { Renderer } from './renderer.ts';
import { safe } from './safe.ts';
import type { Style } from './style.ts';

/** One line per column, for rows that are too wide for a table. Nothing is ever cut. */
export function verticalRenderer(style: Style): Renderer {
  let columns: readonly Column[] = [];
  let names: readonly string[] = [];
  let count = 0;
  return {
    head(given) {
      columns = given;
      const width = Math.max(0, ...columns.map(({ name }) => widthOf(safe(name))));
      names = columns.map(({ name }) => pad(safe(name), width, 'left'));
      return '';
    },
    rows(rows) {
      let text = '';
      for (const row of rows) {
        count += 1;
        text += `${style('dim', `── row ${count} ──`)}\n`;
        row.forEach((cell, i) => {
          const shown = displayText(cell);
          text += `${style('bold', names[i] ?? '')} ${style('dim', '│')} ${cell === null ? style('dim', shown) : shown}\n`;
        });
      }
      return text;
    },
    foot: () => '',
    omissions: () => [],
  };
}
