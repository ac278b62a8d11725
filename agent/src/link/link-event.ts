import type { CustardError } from '#core/errors.ts';

/** What an agent tells of its link; for the log and for `custard agent run`. */
export type LinkEvent =
  | { readonly state: 'connecting'; readonly url: string }
  | { readonly state: 'connected'; readonly epoch: number }
  | { readonly state: 'disconnected'; readonly error: CustardError; readonly retryInMs: number }
  | { readonly state: 'draining' }
  | { readonly state: 'bug'; readonly error: unknown };
