import type { QueryAnswer } from '#core/protocol/api.ts';
import { ROW_PREFIX, ROW_SUFFIX } from '#core/protocol/frames.ts';
import type { QueryPart } from '../../actions/query-part.ts';
import type { HeldAnswer } from './answer-memory.ts';

type Head = Omit<QueryAnswer, 'data'>;

/** The whole answer as one JSON text. The cells stay the bytes the agent made: only what is around them changes. */
export async function jsonAnswer(
  parts: AsyncIterable<QueryPart>,
  requestId: string,
  memory: Pick<HeldAnswer, 'grow'>,
): Promise<Buffer> {
  let head: Head | null = null;
  const rows: Buffer[] = [];
  for await (const part of parts) {
    if (part.type === 'rows') {
      memory.grow(part.bytes.length);
      rows.push(part.bytes);
    } else {
      head = { ...(head ?? emptyHead(requestId)), ...headOf(part) };
    }
  }
  const before = JSON.stringify(head ?? emptyHead(requestId)).slice(0, -1);
  return Buffer.concat([Buffer.from(`${before},"data":`), ...dataOf(rows), Buffer.from('}')]);
}

function emptyHead(request_id: string): Head {
  return {
    ...{ id: '', connection: '', answer: null, sql_query: '', maker: '', model: null, tables: [], assumptions: [] },
    reading: [],
    ...{ columns: [], row_count: 0, truncated: false, warnings: [], elapsed_ms: 0, request_id },
  };
}

function headOf(part: Exclude<QueryPart, { type: 'rows' }>): Partial<Head> {
  switch (part.type) {
    case 'start':
      return { id: part.id, connection: part.connection };
    case 'sql': {
      const { sql, maker, model, tables, assumptions, reading } = part;
      return { sql_query: sql, maker, model, tables, assumptions, reading };
    }
    case 'columns':
      return { columns: part.columns };
    case 'answer':
      return { answer: part.text };
    case 'done': {
      const { row_count, truncated, warnings, elapsed_ms, explanation } = part;
      const planned = explanation === undefined ? {} : { explanation };
      return { row_count, truncated, ...planned, warnings, elapsed_ms };
    }
    case 'step':
    case 'clarify': // thrown as an error by runQuery
    case 'error':
      return {};
    default:
      return part satisfies never;
  }
}

/**
 * Row lines to a JSON array of arrays. A line feed never stands inside of a row (JSON escapes it), so
 * what ends one row and begins the next is never part of a value.
 */
function dataOf(chunks: readonly Buffer[]): Buffer[] {
  const lines = joinSplitLines(chunks);
  if (lines.length === 0) return [Buffer.from('[]')];
  return lines.map((buffer, index) => {
    const isLast = index === lines.length - 1;
    // latin1 maps bytes to characters one to one, so multi-byte characters come out as they went in.
    const cells = buffer.toString('latin1', ROW_PREFIX.length, buffer.length - ROW_SUFFIX.length);
    const joined = cells.replaceAll(`${ROW_SUFFIX}${ROW_PREFIX}`, '],[');
    return Buffer.from(`${index === 0 ? '[[' : ',['}${joined}${isLast ? ']]' : ']'}`, 'latin1');
  });
}

/** The same bytes, cut only between rows. */
function joinSplitLines(chunks: readonly Buffer[]): Buffer[] {
  const whole: Buffer[] = [];
  let begun: Buffer[] = [];
  for (const chunk of chunks) {
    const end = chunk.lastIndexOf('\n') + 1;
    if (end > 0)
      whole.push(begun.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...begun, chunk.subarray(0, end)]));
    if (end > 0) begun = [];
    if (end < chunk.length) begun.push(chunk.subarray(end));
  }
  return whole;
}
