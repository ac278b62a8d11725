import type { ParameterizedContext } from 'koa';
import type { Logger } from 'pino';
import type { Principal } from './identity/principal.ts';

export interface RequestState {
  requestId: string;
  log: Logger;
  /** Of the client, behind whatever proxies are trusted. */
  address: string;
  /** Aborted when the client goes or the request may take no longer, with the CustardError that says why. */
  abort: AbortController;
}

export interface AuthenticatedState extends RequestState {
  principal: Principal;
}

export type HttpContext = ParameterizedContext<RequestState>;
