import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { ChangeRole } from '#core/protocol/accounts.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { changeRole, removeMember } from '../../accounts/members.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { demand, demandSession } from '../../identity/permissions.ts';
import { requires } from '../../middlewares/authenticate.ts';
import { readJson } from '../../middlewares/read-json.ts';
import { memberView } from './schema.ts';

const PATH = '/api/v1/members';

/** Of the organization the caller acts in. */
export function mountMembers(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  accounts: AccountServices,
): void {
  router.get(PATH, authenticate, requires('members:read'), async (ctx) => {
    const members = await accounts.members.list(ctx.state.principal.organizationId);
    ctx.body = { members: members.map(memberView) };
  });

  router.put(`${PATH}/:id`, authenticate, requires('members:write'), async (ctx) => {
    const { role } = await readJson(ctx.req, ChangeRole);
    ctx.body = memberView(await changeRole(accounts, ctx.state.principal, { userId: ctx.params['id'] ?? '', role }));
  });

  router.delete(`${PATH}/:id`, authenticate, async (ctx) => {
    const { principal } = ctx.state;
    const userId = ctx.params['id'] ?? '';
    // Everybody may leave.
    if (userId === principal.userId) demandSession(principal);
    else demand(principal, 'members:write');
    await removeMember(accounts, principal, userId);
    ctx.status = 204;
  });
}
