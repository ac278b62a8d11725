import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { CustardError, ERRORS, isCustardError, toWireError } from '#core/errors.ts';
import { clientAddress } from '../client-address.ts';
import type { HttpContext, RequestState } from '../http-context.ts';
import type { InFlight } from '../in-flight.ts';

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

const REQUEST_ID = /^[\w.-]{1,64}$/;

/** Outermost: gives the request its id and its end, and whatever is thrown inside its envelope. */
export function request(logger: Logger, inFlight: InFlight, trustedProxies: number): Middleware<RequestState> {
  return async (ctx, next) => {
    const started = performance.now();
    const given = ctx.get('x-request-id');
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    ctx.state.requestId = requestId;
    ctx.state.log = logger;
    ctx.state.address = clientAddress(ctx.req, trustedProxies);
    ctx.state.abort = inFlight.enter(ctx.res);
    ctx.set({ ...HEADERS, 'x-request-id': requestId });
    try {
      refuseNul(ctx.path);
      await next();
    } catch (error) {
      answerError(ctx, logger, error);
    }
    const elapsedMs = Math.round((performance.now() - started) * 10) / 10;
    // The path's ids are fine; a query string may hold anything, so it is left out.
    logger.debug({ requestId, method: ctx.method, path: ctx.path, status: ctx.status, elapsedMs }, 'request');
  };
}

/** Nothing has a name with one, and PostgreSQL cannot even be asked for it. */
function refuseNul(path: string): void {
  if (!/%00/.test(path)) return;
  throw new CustardError('NOT_FOUND', 'There is nothing at an address with a NUL in it.', {
    hint: 'Check the address.',
  });
}

function answerError(ctx: HttpContext, logger: Logger, error: unknown): void {
  const { requestId } = ctx.state;
  const known = isCustardError(error);
  if (!known) logger.error({ error, requestId, method: ctx.method, path: ctx.path }, 'a bug');
  if (ctx.res.headersSent) {
    ctx.res.destroy(); // cutting it off is the only way left to say that it is not complete
    return;
  }
  const { status, retryable } = ERRORS[known ? error.code : 'INTERNAL'];
  ctx.status = status;
  if (status === 401) ctx.set('www-authenticate', 'Bearer realm="custard"');
  const retryAfterS = known ? (error.details.retryAfterS ?? 1) : 1;
  if (retryable && status !== 502) ctx.set('retry-after', String(retryAfterS));
  ctx.body = { error: { ...toWireError(error), request_id: requestId, retryable } };
}
