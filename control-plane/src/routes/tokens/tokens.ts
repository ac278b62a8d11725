import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { type CreatedToken, CreateToken } from '#core/protocol/accounts.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { createToken, ownerOfListed, revokeToken } from '../../accounts/tokens.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { requires } from '../../middlewares/authenticate.ts';
import { readJson } from '../../middlewares/read-json.ts';
import { tokenView } from './schema.ts';

const PATH = '/api/v1/tokens';

export function mountTokens(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  accounts: AccountServices,
): void {
  router.get(PATH, authenticate, requires('tokens:write'), async (ctx) => {
    const { principal } = ctx.state;
    const tokens = await accounts.tokens.list(principal.organizationId, { userId: ownerOfListed(principal) });
    ctx.body = { tokens: tokens.map(tokenView) };
  });

  router.post(PATH, authenticate, requires('tokens:write'), async (ctx) => {
    const { expires_in_days: expiresInDays, ...wanted } = await readJson(ctx.req, CreateToken);
    const { token, key } = await createToken(accounts, ctx.state.principal, { ...wanted, expiresInDays });
    ctx.status = 201;
    ctx.body = { ...tokenView(token), token: key } satisfies CreatedToken;
  });

  router.delete(`${PATH}/:id`, authenticate, requires('tokens:write'), async (ctx) => {
    await revokeToken(accounts, ctx.state.principal, ctx.params['id'] ?? '');
    ctx.status = 204;
  });
}
