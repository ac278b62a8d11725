import { isCustardError, toWireError } from '#core/errors.ts';
import type { QueryEvent } from '#core/protocol/api.ts';
import type { QueryPart } from '../../actions/query-part.ts';

/** How events look on the wire. */
export interface EventEncoding {
  readonly contentType: string;
  event(event: QueryEvent): string;
  /** Some of the row lines, which may begin or end in the middle of one. */
  rows(bytes: Buffer): Buffer;
}

/** One event per line; the rows are passed on as they came. */
export const ndjson = (): EventEncoding => ({
  contentType: 'application/x-ndjson',
  event: (event) => `${JSON.stringify(event)}\n`,
  rows: (bytes) => bytes,
});

/** https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function serverSentEvents(): EventEncoding {
  let atLineStart = true;
  return {
    contentType: 'text/event-stream',
    event: (event) => `data: ${JSON.stringify(event)}\n\n`,
    rows(bytes) {
      const text = bytes.toString('latin1'); // one to one, so multi-byte characters come out as they went in
      const endsLine = text.endsWith('\n');
      const lines = (endsLine ? text.slice(0, -1) : text).replaceAll('\n', '\n\ndata: ');
      const framed = `${atLineStart ? 'data: ' : ''}${lines}${endsLine ? '\n\n' : ''}`;
      atLineStart = endsLine;
      return Buffer.from(framed, 'latin1');
    },
  };
}

/** What a stream ends with when it has begun and cannot be completed. */
export function lastEvent(error: unknown, requestId: string): QueryEvent {
  if (isCustardError(error) && error.code === 'CLARIFICATION_NEEDED') {
    const choices = [...(error.details.choices ?? [])];
    return { type: 'clarify', question: error.message, choices, request_id: requestId };
  }
  return { type: 'error', error: toWireError(error), request_id: requestId };
}

/** Parts that tell how the query will end, or that the client wants at once. Before them nothing is sent. */
export function isDecisive(part: QueryPart): boolean {
  return part.type === 'columns' || part.type === 'done';
}
