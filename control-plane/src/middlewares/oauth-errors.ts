import type { Middleware } from 'koa';
import { ERRORS, isCustardError } from '#core/errors.ts';
import type { OAuthError } from '#core/protocol/accounts.ts';

/** For OAuth's own routes: what is wrong with a request is said in OAuth's form (RFC 6749, 5.2), which its clients know. */
export const oauthErrors: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    if (!isCustardError(error) || (error.code !== 'INVALID_REQUEST' && error.code !== 'PAYLOAD_TOO_LARGE')) throw error;
    ctx.status = ERRORS[error.code].status;
    ctx.body = oauthError('invalid_request', [error.message, error.hint ?? ''].join(' ').trim());
  }
};

export function oauthError(error: OAuthError['error'], error_description: string): OAuthError {
  return { error, error_description };
}
