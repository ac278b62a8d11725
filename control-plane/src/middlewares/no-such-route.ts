import type { RouterContext } from '@koa/router';
import { CustardError } from '#core/errors.ts';

/** After the router: what nobody answered. */
export function noSuchRoute(ctx: RouterContext): never {
  const methods = [...new Set((ctx.matched ?? []).flatMap((layer) => layer.methods))].filter((name) => name !== 'HEAD');
  if (methods.length === 0) {
    throw new CustardError('NOT_FOUND', `There is nothing at ${ctx.method} ${ctx.path}.`, {
      hint: 'The interface is under /api/v1; check the address.',
    });
  }
  ctx.set('allow', methods.join(', '));
  throw new CustardError('METHOD_NOT_ALLOWED', `${ctx.method} is nothing that ${ctx.path} takes.`, {
    hint: `It takes ${methods.join(', ')}.`,
  });
}
