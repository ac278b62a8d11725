import { crc32 } from 'node:zlib';
import { CustardError } from '#core/errors.ts';
import { QueryEvent } from '#core/protocol/api.ts';
import { ApiError } from './api-error.ts';
import { EventSplitter, type StreamPart } from './event-splitter.ts';

/** Every event but the rows, which stay bytes. */
export type NamedEvent = Exclude<QueryEvent, { type: 'row' }>;

export type QueryPart =
  /** Whole row lines, line feeds included. */
  | { readonly kind: 'rows'; readonly bytes: Buffer }
  /** `line` is the event as it came. */
  | { readonly kind: 'event'; readonly event: NamedEvent; readonly line: Buffer };

/**
 * The parts of a query's event stream. Ends after `done`, once the rows' byte count and CRC-32 are
 * as `done` says. An `error` or `clarify` event is yielded and then thrown. RESULT_INCOMPLETE when
 * the stream stops without any of them.
 */
export async function* readQueryStream(chunks: AsyncIterable<Buffer>): AsyncGenerator<QueryPart> {
  const splitter = new EventSplitter();
  const rows = { bytes: 0, crc32: 0 };
  try {
    for await (const chunk of chunks) {
      for (const part of splitter.push(chunk)) {
        const named = read(part);
        if (named.kind === 'rows') {
          rows.bytes += named.bytes.length;
          rows.crc32 = crc32(named.bytes, rows.crc32);
        }
        if (named.kind === 'event' && named.event.type === 'done') verify(named.event, rows);
        yield named;
        if (named.kind === 'event' && isLast(named.event)) return;
      }
    }
  } catch (error) {
    throw isServerLost(error) ? incomplete('the connection was lost', error) : error;
  }
  throw incomplete('the stream stopped before its end');
}

function read(part: StreamPart): QueryPart {
  if (part.kind === 'rows') return part;
  try {
    const event = QueryEvent.parse(JSON.parse(part.line.toString()));
    if (event.type !== 'row') return { kind: 'event', event, line: part.line };
  } catch (error) {
    throw new CustardError('PROTOCOL_ERROR', 'The server sent an event this version does not understand.', {
      hint: 'Bring the CLI and the server to the same version.',
      cause: error,
    });
  }
  throw new CustardError('PROTOCOL_ERROR', 'The server sent a row that is not in the form rows have.');
}

function verify(done: Extract<NamedEvent, { type: 'done' }>, rows: { bytes: number; crc32: number }): void {
  if (done.bytes !== rows.bytes || done.crc32 !== rows.crc32) {
    throw incomplete(`${rows.bytes} bytes of rows arrived, not the ${done.bytes} that were sent, or they were changed`);
  }
}

/** Throws for the two last events that are not `done`. */
function isLast(event: NamedEvent): boolean {
  if (event.type === 'error') throw new ApiError(event.error, event.request_id);
  if (event.type === 'clarify') {
    const { question, choices, request_id } = event;
    const hint = choices.length === 0 ? 'Ask again, saying which.' : `Ask again, saying which: ${choices.join(', ')}.`;
    throw new ApiError({ code: 'CLARIFICATION_NEEDED', message: question, hint, details: { choices } }, request_id);
  }
  return event.type === 'done';
}

const isServerLost = (error: unknown): boolean => error instanceof CustardError && error.code === 'SERVER_UNREACHABLE';

function incomplete(why: string, cause?: unknown): CustardError {
  return new CustardError('RESULT_INCOMPLETE', `The result is not complete: ${why}.`, {
    hint: 'Run it again; what was printed so far is not the whole result.',
    ...(cause === undefined ? {} : { cause }),
  });
}
