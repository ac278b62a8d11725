import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { AcceptInvitation, CreateInvitation, type InvitationOffer, LinkRequest } from '#core/protocol/accounts.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { acceptInvitation, findOffer, invite } from '../../accounts/invitations.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { requires } from '../../middlewares/authenticate.ts';
import { readJson } from '../../middlewares/read-json.ts';
import { caller } from '../auth/auth.ts';
import { UNNAMED_CLIENT } from '../auth/schema.ts';
import { invitationView } from './schema.ts';

const PATH = '/api/v1/invitations';

export function mountInvitations(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  accounts: AccountServices,
): void {
  router.get(PATH, authenticate, requires('members:read'), async (ctx) => {
    const invitations = await accounts.invitations.list(ctx.state.principal.organizationId);
    ctx.body = { invitations: invitations.map(invitationView) };
  });

  router.post(PATH, authenticate, requires('members:write'), async (ctx) => {
    const { email, role } = await readJson(ctx.req, CreateInvitation);
    const { principal } = ctx.state;
    const invitation = await invite(accounts, { principal, email, role });
    ctx.status = 201;
    ctx.body = invitationView(invitation);
  });

  router.delete(`${PATH}/:id`, authenticate, requires('members:write'), async (ctx) => {
    const { organizationId, userId } = ctx.state.principal;
    const { id, email } = await accounts.invitations.revoke(organizationId, ctx.params['id'] ?? '');
    const event = { organizationId, actor: `user:${userId}`, action: 'invitation.revoked', subject: id };
    await accounts.log.record({ ...event, detail: { email } });
    ctx.status = 204;
  });

  // For who holds the link, logged in or not.
  router.post(`${PATH}/find`, async (ctx) => {
    const { token } = await readJson(ctx.req, LinkRequest);
    const { invitation, organization, hasAccount } = await findOffer(accounts, caller(ctx.state), token);
    const { email, role, expiresAt } = invitation;
    ctx.body = { organization, email, role, expires_at: expiresAt, has_account: hasAccount } satisfies InvitationOffer;
  });

  router.post(`${PATH}/accept`, async (ctx) => {
    const accepted = await readJson(ctx.req, AcceptInvitation);
    const { token, password, client = UNNAMED_CLIENT, first_name: firstName = '', last_name: lastName = '' } = accepted;
    ctx.body = await acceptInvitation(accounts, caller(ctx.state), { token, password, client, firstName, lastName });
  });
}
