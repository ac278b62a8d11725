import type { Position } from '#core/errors.ts';

/** What DuckDB shows of the statement below its message, and the mark under the place. */
const EXCERPT = /\n\nLINE (\d+): ([^\n]*)\n( *)\^/;

/** Where in the statement an error is, if its message tells. A long line is shown in part, between dots. */
export function placeOf(message: string, statement: string): Position | undefined {
  const [, number = '', shown = '', indent = ''] = EXCERPT.exec(message) ?? [];
  if (number === '') return undefined;
  const line = statement.split('\n')[Number(number) - 1];
  const mark = indent.length - `LINE ${number}: `.length;
  const part = shown.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const start = line?.indexOf(part) ?? -1;
  if (line === undefined || mark < 0 || start < 0 || start !== line.lastIndexOf(part)) return undefined;
  const offset = start + mark - (shown.startsWith('...') ? 3 : 0);
  return { line: Number(number), column: [...line.slice(0, offset)].length + 1 };
}
