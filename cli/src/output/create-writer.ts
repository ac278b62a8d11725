import { csvRenderer, tsvRenderer } from './csv.ts';
import type { Format } from './formats.ts';
import { jsonWriter } from './json-writer.ts';
import { markdownRenderer } from './markdown.ts';
import { ndjsonWriter } from './ndjson-writer.ts';
import { planText } from './plan.ts';
import type { QueryOutcome, ResultWriter } from './result-writer.ts';
import { safe } from './safe.ts';
import type { Sink } from './sink.ts';
import type { Style } from './style.ts';
import { tableRenderer } from './table.ts';
import { statementText, textWriter } from './text-writer.ts';
import { verticalRenderer } from './vertical.ts';

interface WriterOptions {
  readonly sink: Sink;
  readonly style: Style;
  /** Bytes as they are, to a terminal too. */
  readonly raw: boolean;
  /** Nothing is run, and what the engine expects is the result. */
  readonly isPlan: boolean;
}

const LAYOUT_ROWS = 1_000;
const PROSE = { sampleRows: LAYOUT_ROWS, prose: true };
const ROWS_ONLY = { sampleRows: 0, prose: false, notRun: () => '' };

const notRun =
  (style: Style, isPlan: boolean) =>
  (outcome: QueryOutcome): string =>
    isPlan ? planText(outcome, style) : statementText(outcome);

const WRITERS: Readonly<Record<Format, (options: WriterOptions) => ResultWriter>> = {
  table: ({ sink, style, isPlan }) =>
    textWriter({
      sink,
      renderer: tableRenderer({ columns: sink.columns, style }),
      ...PROSE,
      notRun: notRun(style, isPlan),
    }),
  vertical: ({ sink, style, isPlan }) =>
    textWriter({ sink, renderer: verticalRenderer(style), ...PROSE, notRun: notRun(style, isPlan) }),
  md: ({ sink, style, isPlan }) =>
    textWriter({ sink, renderer: markdownRenderer(), ...PROSE, notRun: notRun(style, isPlan) }),
  csv: ({ sink, raw }) => textWriter({ sink, renderer: csvRenderer(shownFor(sink, raw)), ...ROWS_ONLY }),
  tsv: ({ sink, raw }) => textWriter({ sink, renderer: tsvRenderer(shownFor(sink, raw)), ...ROWS_ONLY }),
  json: ({ sink, isPlan }) => jsonWriter(sink, { isPlan }),
  ndjson: ({ sink, raw }) => ndjsonWriter(sink, { raw: raw || !sink.isTerminal }),
};

export function createWriter(format: Format, options: WriterOptions): ResultWriter {
  return WRITERS[format](options);
}

const shownFor = (sink: Sink, raw: boolean) => (raw || !sink.isTerminal ? null : safe);
