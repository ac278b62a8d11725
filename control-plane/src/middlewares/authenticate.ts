import type { Middleware } from 'koa';
import type { Permission } from '#core/protocol/accounts.ts';
import type { AuthenticatedState } from '../http-context.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { LiveAccess } from '../identity/live-access.ts';
import { demand, demandSession } from '../identity/permissions.ts';

/** Says who asks; what is still under way when that right ends is aborted. */
export function authenticate(authenticator: Authenticator, live: LiveAccess): Middleware<AuthenticatedState> {
  return async (ctx, next) => {
    const principal = await authenticator.authenticate(ctx.req.headers.authorization);
    ctx.state.principal = principal;
    ctx.res.once(
      'close',
      live.enter(principal, (reason) => ctx.state.abort.abort(reason)),
    );
    await next();
  };
}

/** After authenticate: for who may do that only. */
export function requires(permission: Permission): Middleware<AuthenticatedState> {
  return async (ctx, next) => {
    demand(ctx.state.principal, permission);
    await next();
  };
}

/** After authenticate: for a person who is logged in, not for a token. */
export const requiresSession: Middleware<AuthenticatedState> = async (ctx, next) => {
  demandSession(ctx.state.principal);
  await next();
};
