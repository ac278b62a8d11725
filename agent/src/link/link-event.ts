import type { CustardError } from '#core/errors.ts';
import type { StatementOutcome } from './statement-outcome.ts';

/** What an agent tells of its link, its database and its statements; for the log and for `custard agent run`. */
export type LinkEvent =
  | { readonly state: 'connecting'; readonly url: string }
  | { readonly state: 'connected'; readonly epoch: number }
  | { readonly state: 'disconnected'; readonly error: CustardError; readonly retryInMs: number }
  | { readonly state: 'draining' }
  | { readonly state: 'statement'; readonly statement: StatementOutcome }
  | { readonly state: 'database-down'; readonly error: CustardError }
  | { readonly state: 'database-up'; readonly afterMs: number }
  | { readonly state: 'bug'; readonly error: unknown };
