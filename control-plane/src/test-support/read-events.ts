import { QueryEvent } from '#core/protocol/api.ts';

/** The lines of an NDJSON body. */
export function readEvents(text: string): QueryEvent[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => QueryEvent.parse(JSON.parse(line)));
}

/** The events of a text/event-stream body. */
export function readServerSentEvents(text: string): QueryEvent[] {
  return text
    .trimEnd()
    .split('\n\n')
    .map((event) => QueryEvent.parse(JSON.parse(event.replace(/^data: /, ''))));
}
