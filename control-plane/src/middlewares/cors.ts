import type { Middleware } from 'koa';

const ALLOWED = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type, accept, x-request-id',
  'access-control-max-age': '600',
} as const;

/**
 * Lets the pages of the listed origins ask; `*` is every one. Never with cookies: who asks brings a token, so a page
 * can do no more than what its visitor gave it.
 */
export function cors(origins: readonly string[]): Middleware {
  return async (ctx, next) => {
    const origin = ctx.get('origin');
    ctx.vary('Origin');
    if (origin === '' || !(origins.includes('*') || origins.includes(origin))) return await next();
    ctx.set('access-control-allow-origin', origin);
    ctx.set('access-control-expose-headers', 'x-request-id, retry-after');
    if (ctx.method !== 'OPTIONS' || ctx.get('access-control-request-method') === '') return await next();
    ctx.set(ALLOWED);
    ctx.status = 204;
  };
}
