import type { Middleware } from 'koa';
import type { AuthenticatedState } from '../http-context.ts';
import type { Authenticator } from '../identity/authenticator.ts';

export function authenticate(authenticator: Authenticator): Middleware<AuthenticatedState> {
  return async (ctx, next) => {
    ctx.state.principal = await authenticator.authenticate(ctx.req.headers.authorization);
    await next();
  };
}
