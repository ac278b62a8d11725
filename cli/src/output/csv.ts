import type { Cell, Row } from '#core/values.ts';
import type { Renderer, Shown } from './renderer.ts';

/**
 * RFC 4180, with lines ended by LF as Unix tools expect. NULL is an empty field and empty text is "",
 * as in PostgreSQL's CSV, so that the two stay apart.
 */
export function csvRenderer(show: Shown): Renderer {
  const field = (cell: Cell): string => {
    if (cell === null) return '';
    if (typeof cell !== 'string') return String(cell);
    const text = show(cell);
    return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return delimited(',', field);
}

/** Tabs and line feeds as \t and \n, NULL as \N: what PostgreSQL's COPY and MySQL's LOAD DATA read. */
export function tsvRenderer(show: Shown): Renderer {
  const field = (cell: Cell): string => {
    if (cell === null) return '\\N';
    if (typeof cell !== 'string') return String(cell);
    return show(/[\\\t\n\r]/.test(cell) ? cell.replace(/[\\\t\n\r]/g, (found) => TSV_ESCAPES[found] ?? found) : cell);
  };
  return delimited('\t', field);
}

const TSV_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function delimited(delimiter: string, field: (cell: Cell) => string): Renderer {
  const line = (cells: Row): string => `${cells.map(field).join(delimiter)}\n`;
  return {
    head: (columns) => line(columns.map(({ name }) => name)),
    rows: (rows) => rows.map(line).join(''),
    foot: () => '',
    omissions: () => [],
  };
}
