import { CustardError } from '#core/errors.ts';
import {
  DEFAULT_MAX_ROWS,
  HARD_MAX_RESULT_BYTES,
  HARD_MAX_ROWS,
  MAX_JSON_ANSWER_BYTES,
} from '#core/protocol/limits.ts';
import type { QueryLimits } from '#core/protocol/messages.ts';
import { type EventEncoding, ndjson, serverSentEvents } from './event-stream.ts';

/** How the client wants its answer, by its Accept header. */
export type Rendering = { readonly kind: 'json' } | { readonly kind: 'stream'; readonly encoding: EventEncoding };

export const RENDERED_TYPES = ['application/json', 'application/x-ndjson', 'text/event-stream'] as const;

export function renderingOf(type: string | false): Rendering {
  switch (type) {
    case 'application/json':
      return { kind: 'json' };
    case 'application/x-ndjson':
      return { kind: 'stream', encoding: ndjson() };
    case 'text/event-stream':
      return { kind: 'stream', encoding: serverSentEvents() };
    default:
      throw new CustardError('INVALID_REQUEST', 'None of the types in the Accept header can be made.', {
        hint: `Accept one of ${RENDERED_TYPES.join(', ')}.`,
      });
  }
}

/** A JSON answer is held in memory as a whole, a stream is not. */
export function resultLimits({ kind }: Rendering, maxRows: number | undefined): Omit<QueryLimits, 'timeoutMs'> {
  const rows = Math.min(maxRows ?? (kind === 'json' ? DEFAULT_MAX_ROWS : HARD_MAX_ROWS), HARD_MAX_ROWS);
  return { rows, bytes: kind === 'json' ? MAX_JSON_ANSWER_BYTES : HARD_MAX_RESULT_BYTES };
}
