import type { Cell, Column, ValueKind } from '#core/values.ts';
import { csvRenderer, tsvRenderer } from './csv.ts';
import { envelope } from './envelope.ts';
import type { Format } from './formats.ts';
import { markdownRenderer } from './markdown.ts';
import type { Renderer } from './renderer.ts';
import { safe, safeJson } from './safe.ts';
import type { Sink } from './sink.ts';
import type { Style } from './style.ts';
import { tableRenderer } from './table.ts';
import { verticalRenderer } from './vertical.ts';

/** A column of a list of things: its heading, and what stands in it. */
export interface ListColumn<T> {
  readonly name: string;
  readonly kind?: ValueKind;
  readonly value: (item: T) => Cell;
}

interface ListOptions<T> {
  readonly items: readonly T[];
  readonly columns: readonly ListColumn<T>[];
  /** Of the JSON envelope, whose data are the items as they are. */
  readonly schema: string;
  readonly format: Format;
  readonly sink: Sink;
  readonly style: Style;
}

/** Prints things of ours (connections, tables, …) in any of the formats; what did not fit is returned, one sentence each. */
export async function printList<T>(options: ListOptions<T>): Promise<readonly string[]> {
  const { items, columns, schema, format, sink, style } = options;
  if (format === 'json' || format === 'ndjson') {
    const text =
      format === 'json'
        ? envelope({ schema, data: items })
        : items.map((item) => `${safeJson(JSON.stringify(item))}\n`).join('');
    await sink.write(text);
    return [];
  }
  const shown = sink.isTerminal ? safe : null;
  const renderers: Readonly<Record<typeof format, () => Renderer>> = {
    table: () => tableRenderer({ columns: sink.columns, style }),
    vertical: () => verticalRenderer(style),
    md: markdownRenderer,
    csv: () => csvRenderer(shown),
    tsv: () => tsvRenderer(shown),
  };
  const renderer = renderers[format]();
  const heads: Column[] = columns.map(({ name, kind = 'text' }) => ({ name, type: kind, kind }));
  const rows = items.map((item) => columns.map(({ value }) => value(item)));
  await sink.write(renderer.head(heads, rows) + renderer.rows(rows) + renderer.foot());
  return renderer.omissions();
}
