import type { QueryEvent } from '#core/protocol/api.ts';

/** What a query gives while it runs: the events of custard.event/1, the rows as the bytes the agent made. */
export type QueryPart = Exclude<QueryEvent, { type: 'row' }> | { readonly type: 'rows'; readonly bytes: Buffer };
