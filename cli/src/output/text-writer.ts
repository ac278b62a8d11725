import type { Column, Row } from '#core/values.ts';
import type { Renderer } from './renderer.ts';
import type { QueryOutcome, ResultWriter } from './result-writer.ts';
import { parseRows } from './rows.ts';
import { safeLines } from './safe.ts';
import type { Sink } from './sink.ts';

interface TextWriterOptions {
  readonly renderer: Renderer;
  readonly sink: Sink;
  /** Rows held back to choose a layout by; the others are written as they come. */
  readonly sampleRows: number;
  /** Whether the answer's sentence and a statement that was not run are part of the output. */
  readonly prose: boolean;
  /** What is shown in the place of a result when nothing was run. */
  readonly notRun: (outcome: QueryOutcome) => string;
}

export function textWriter({ renderer, sink, sampleRows, prose, notRun }: TextWriterOptions): ResultWriter {
  let columns: readonly Column[] = [];
  let sample: Row[] = [];
  let hasBegun = false;

  const begin = async (): Promise<void> => {
    hasBegun = true;
    await sink.write(renderer.head(columns, sample) + renderer.rows(sample));
    sample = [];
  };
  return {
    async event(event) {
      if (event.type !== 'columns') return;
      columns = event.columns;
      if (sampleRows === 0) await begin();
    },
    async rows(lines) {
      if (hasBegun && renderer.lines !== undefined) return sink.write(renderer.lines(lines));
      const rows = parseRows(lines);
      if (hasBegun) return sink.write(renderer.rows(rows));
      for (const row of rows) sample.push(row);
      if (sample.length > sampleRows) await begin();
    },
    async finish(outcome) {
      const sentence = prose && outcome.answer !== null ? `${safeLines(outcome.answer)}\n` : '';
      if (hasBegun) return sink.write(renderer.foot() + sentence);
      if (columns.length === 0) return sink.write(prose ? notRun(outcome) : '');
      // One value is already in the sentence
      const isOneValue = sentence !== '' && columns.length === 1 && sample.length <= 1;
      if (isOneValue) return sink.write(sentence);
      await sink.write(sentence === '' ? '' : `${sentence}\n`);
      await begin();
      await sink.write(renderer.foot());
    },
    omissions: () => renderer.omissions(),
  };
}

export function statementText({ statement }: QueryOutcome): string {
  return statement === null ? '' : `${safeLines(statement.sql)}\n`;
}
