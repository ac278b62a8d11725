import { CustardError } from '#core/errors.ts';
import type { Cell, Row } from '#core/values.ts';

/** The rows of whole row lines. A line feed only ever stands between two of them, never inside JSON text. */
export function parseRows(lines: Buffer): Row[] {
  const text = lines.toString('utf8', 0, lines.length - 1);
  let events: unknown;
  try {
    events = JSON.parse(`[${text.replaceAll('\n', ',')}]`);
  } catch (cause) {
    throw malformed(cause);
  }
  if (!Array.isArray(events)) throw malformed();
  return events.map(rowOf);
}

function rowOf(event: unknown): Row {
  if (
    typeof event === 'object' &&
    event !== null &&
    'row' in event &&
    Array.isArray(event.row) &&
    event.row.every(isCell)
  ) {
    return event.row;
  }
  throw malformed();
}

const isCell = (value: unknown): value is Cell => value === null || typeof value !== 'object';

const malformed = (cause?: unknown): CustardError =>
  new CustardError('PROTOCOL_ERROR', 'The server sent a row that is not in the form rows have.', { cause });
