import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { CustardError } from '#core/errors.ts';
import { UpdateProfile } from '#core/protocol/accounts.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { endSession } from '../../accounts/log-out.ts';
import { profileView, updateProfile } from '../../accounts/profile.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { requiresSession } from '../../middlewares/authenticate.ts';
import { readJson } from '../../middlewares/read-json.ts';
import { sessionView } from '../auth/schema.ts';

const PATH = '/api/v1/auth';

/** One's own account and its sessions. */
export function mountProfile(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  accounts: AccountServices,
): void {
  router.get(`${PATH}/profile`, authenticate, async (ctx) => {
    ctx.body = await profileView(accounts, ctx.state.principal);
  });

  router.put(`${PATH}/profile`, authenticate, requiresSession, async (ctx) => {
    const changes = await readJson(ctx.req, UpdateProfile);
    await updateProfile(accounts, ctx.state.principal, {
      ...{ firstName: changes.first_name ?? null, lastName: changes.last_name ?? null, email: changes.email ?? null },
      ...{ newPassword: changes.new_password ?? null, currentPassword: changes.current_password ?? null },
    });
    ctx.body = await profileView(accounts, ctx.state.principal);
  });

  router.get(`${PATH}/sessions`, authenticate, requiresSession, async (ctx) => {
    const { userId, tokenId } = ctx.state.principal;
    const sessions = await accounts.sessionRecords.listOf(userId);
    ctx.body = { sessions: sessions.map((session) => sessionView(session, tokenId)) };
  });

  router.delete(`${PATH}/sessions/:id`, authenticate, requiresSession, async (ctx) => {
    if (!(await endSession(accounts, ctx.state.principal, ctx.params['id'] ?? ''))) {
      throw new CustardError('NOT_FOUND', 'There is no session of that id.', {
        hint: 'See what there is: GET /api/v1/auth/sessions',
      });
    }
    ctx.status = 204;
  });
}
