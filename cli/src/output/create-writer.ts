import { csvRenderer, tsvRenderer } from './csv.ts';
import type { Format } from './formats.ts';
import { jsonWriter } from './json-writer.ts';
import { markdownRenderer } from './markdown.ts';
import { ndjsonWriter } from './ndjson-writer.ts';
import type { ResultWriter } from './result-writer.ts';
import { safe } from './safe.ts';
import type { Sink } from './sink.ts';
import type { Style } from './style.ts';
import { tableRenderer } from './table.ts';
import { textWriter } from './text-writer.ts';
import { verticalRenderer } from './vertical.ts';

interface WriterOptions {
  readonly sink: Sink;
  readonly style: Style;
  /** Bytes as they are, to a terminal too. */
  readonly raw: boolean;
}

const LAYOUT_ROWS = 1_000;

const WRITERS: Readonly<Record<Format, (options: WriterOptions) => ResultWriter>> = {
  table: ({ sink, style }) =>
    textWriter({
      sink,
      renderer: tableRenderer({ columns: sink.columns, style }),
      sampleRows: LAYOUT_ROWS,
      prose: true,
    }),
  vertical: ({ sink, style }) =>
    textWriter({ sink, renderer: verticalRenderer(style), sampleRows: LAYOUT_ROWS, prose: true }),
  md: ({ sink }) => textWriter({ sink, renderer: markdownRenderer(), sampleRows: LAYOUT_ROWS, prose: true }),
  csv: ({ sink, raw }) => textWriter({ sink, renderer: csvRenderer(shownFor(sink, raw)), sampleRows: 0, prose: false }),
  tsv: ({ sink, raw }) => textWriter({ sink, renderer: tsvRenderer(shownFor(sink, raw)), sampleRows: 0, prose: false }),
  json: ({ sink }) => jsonWriter(sink),
  ndjson: ({ sink, raw }) => ndjsonWriter(sink, { raw: raw || !sink.isTerminal }),
};

export function createWriter(format: Format, options: WriterOptions): ResultWriter {
  return WRITERS[format](options);
}

const shownFor = (sink: Sink, raw: boolean) => (raw || !sink.isTerminal ? null : safe);
