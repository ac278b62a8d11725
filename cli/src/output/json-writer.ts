import { CustardError } from '#core/errors.ts';
import { MAX_JSON_ANSWER_BYTES } from '#core/protocol/limits.ts';
import type { Row } from '#core/values.ts';
import { envelope } from './envelope.ts';
import { planEnvelope } from './plan.ts';
import type { QueryOutcome, ResultWriter } from './result-writer.ts';
import { parseRows } from './rows.ts';
import type { Sink } from './sink.ts';

/** One custard.answer/1, or of a dry run custard.plan/1. It is kept until it is whole, so that a failure never leaves half of one. */
export function jsonWriter(sink: Sink, { isPlan }: { readonly isPlan: boolean }): ResultWriter {
  const rows: Row[] = [];
  let bytes = 0;
  return {
    async event() {},
    async rows(lines) {
      bytes += lines.length;
      if (bytes > MAX_JSON_ANSWER_BYTES) throw tooLarge();
      for (const row of parseRows(lines)) rows.push(row);
    },
    async finish(outcome) {
      await sink.write(isPlan ? planEnvelope(outcome) : answerEnvelope(outcome, rows));
    },
    omissions: () => [],
  };
}

function answerEnvelope({ start, statement, columns, answer, done }: QueryOutcome, rows: readonly Row[]): string {
  return envelope({
    schema: 'custard.answer/1',
    data: {
      id: start?.id ?? null,
      text: answer,
      sql: statement?.sql ?? null,
      connection: start?.connection ?? null,
      columns,
      rows,
      row_count: done.row_count,
      truncated: done.truncated,
      maker: statement?.maker ?? null,
      tables: statement?.tables ?? [],
      assumptions: statement?.assumptions ?? [],
      reading: statement?.reading ?? [],
    },
    warnings: done.warnings,
    meta: { elapsed_ms: done.elapsed_ms, request_id: start?.request_id ?? null, model: statement?.model ?? null },
  });
}

function tooLarge(): CustardError {
  return new CustardError('RESULT_TOO_LARGE', 'The result is too large for one JSON document.', {
    hint: 'Use -o ndjson, which has no limit, or ask for fewer rows with --max-rows.',
  });
}
