import type { ParameterizedContext } from 'koa';
import type { Logger } from 'pino';
import type { Principal } from './identity/principal.ts';

export interface RequestState {
  requestId: string;
  log: Logger;
}

export interface AuthenticatedState extends RequestState {
  principal: Principal;
}

export type HttpContext = ParameterizedContext<RequestState>;
