import type { Cell, Row } from '#core/values.ts';
import type { Renderer, Shown } from './renderer.ts';
import { transcodeRows } from './transcode-rows.ts';

/**
 * RFC 4180, with lines ended by LF as Unix tools expect. NULL is an empty field and empty text is "",
 * as in PostgreSQL's CSV, so that the two stay apart. `show` is null where bytes go as they are.
 */
export function csvRenderer(show: Shown | null): Renderer {
  const field = (cell: Cell): string => {
    if (cell === null) return '';
    if (typeof cell !== 'string') return String(cell);
    const text = show === null ? cell : show(cell);
    return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return delimited(',', field, show === null ? (isEmpty, hasComma) => isEmpty || hasComma : null);
}

/** Tabs and line feeds as \t and \n, NULL as \N: what PostgreSQL's COPY and MySQL's LOAD DATA read. */
export function tsvRenderer(show: Shown | null): Renderer {
  const field = (cell: Cell): string => {
    if (cell === null) return '\\N';
    if (typeof cell !== 'string') return String(cell);
    const text = /[\\\t\n\r]/.test(cell) ? cell.replace(/[\\\t\n\r]/g, (found) => TSV_ESCAPES[found] ?? found) : cell;
    return show === null ? text : show(text);
  };
  return delimited('\t', field, show === null ? () => false : null);
}

const TSV_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** `keepsQuotes` is null where cells have to be looked at as text. */
function delimited(
  delimiter: string,
  field: (cell: Cell) => string,
  keepsQuotes: ((isEmpty: boolean, hasComma: boolean) => boolean) | null,
): Renderer {
  const line = (cells: Row): string => `${cells.map(field).join(delimiter)}\n`;
  const bytes = keepsQuotes && {
    delimiter: delimiter.charCodeAt(0),
    nullText: Buffer.from(field(null)),
    keepsQuotes,
    field,
  };
  return {
    head: (columns) => line(columns.map(({ name }) => name)),
    rows: (rows) => rows.map(line).join(''),
    ...(bytes === null ? {} : { lines: (lines: Buffer) => transcodeRows(lines, bytes) }),
    foot: () => '',
    omissions: () => [],
  };
}
