import type Router from '@koa/router';
import { ERRORS } from '#core/errors.ts';
import { PAGES } from '#core/protocol/pages.ts';
import type { FormState } from '#web-minimal/form.ts';
import type { Page } from '#web-minimal/page.ts';
import { acceptInvitationPage } from '#web-minimal/pages/accept-invitation.ts';
import { linkPage } from '#web-minimal/pages/problem.ts';
import { resetPasswordPage } from '#web-minimal/pages/reset-password.ts';
import { verifyEmailPage } from '#web-minimal/pages/verify-email.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { checkLink } from '../../accounts/check-link.ts';
import { findOffer, joinByInvitation } from '../../accounts/invitations.ts';
import { resetPassword } from '../../accounts/reset-password.ts';
import { verifyEmail } from '../../accounts/sign-up.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { caller } from '../auth/auth.ts';
import { formRoute } from './form-route.ts';
import { FORMS, linkToken } from './page-fields.ts';
import { type PageContext, type Site, seeDone, sendPage } from './send-page.ts';

type Mount = (router: Router<AuthenticatedState>, site: Site, accounts: AccountServices) => void;

/** What the links in mails lead to. Opening one does nothing but look whether it is good: its form does. */
export const mountLinkPages: Mount = (router, site, accounts) => {
  mountVerifyEmail(router, site, accounts);
  mountResetPassword(router, site, accounts);
  mountAcceptInvitation(router, site, accounts);
};

const mountVerifyEmail: Mount = (router, site, accounts) => {
  router.get(PAGES.verifyEmail, async (ctx) => {
    await openLink(ctx, site, 'verifyEmail', async (token) => {
      await checkLink(accounts, caller(ctx.state), { token, purposes: ['signup', 'email_change'] });
      return verifyEmailPage(token);
    });
  });
  formRoute(router, site, {
    ...{ path: PAGES.verifyEmail, shape: FORMS.link },
    async act(ctx, { token }) {
      const { purpose } = await verifyEmail(accounts, caller(ctx.state), token);
      seeDone(ctx, site, purpose === 'signup' ? 'email-verified' : 'email-changed');
    },
    again: (_, state) => verifyEmailPage(tokenOf(state), state),
  });
};

const mountResetPassword: Mount = (router, site, accounts) => {
  const passwordPage = async (ctx: PageContext, token: string, state?: FormState): Promise<Page> => {
    const { email } = await checkLink(accounts, caller(ctx.state), { token, purposes: ['reset_password'] });
    return resetPasswordPage({ token, email }, state);
  };
  router.get(PAGES.resetPassword, async (ctx) => {
    await openLink(ctx, site, 'resetPassword', (token) => passwordPage(ctx, token));
  });
  formRoute(router, site, {
    ...{ path: PAGES.resetPassword, shape: FORMS.resetPassword },
    async act(ctx, fields) {
      await resetPassword(accounts, caller(ctx.state), fields);
      seeDone(ctx, site, 'password-set');
    },
    again: (ctx, state) => passwordPage(ctx, tokenOf(state), state),
  });
};

const mountAcceptInvitation: Mount = (router, site, accounts) => {
  const offerPage = async (ctx: PageContext, token: string, state?: FormState): Promise<Page> => {
    const { invitation, organization, hasAccount } = await findOffer(accounts, caller(ctx.state), token);
    const { email, role } = invitation;
    return acceptInvitationPage({ token, organization, email, role, hasAccount }, state);
  };
  router.get(PAGES.acceptInvitation, async (ctx) => {
    await openLink(ctx, site, 'acceptInvitation', (token) => offerPage(ctx, token));
  });
  formRoute(router, site, {
    ...{ path: PAGES.acceptInvitation, shape: FORMS.acceptInvitation },
    async act(ctx, { token, password, first_name: firstName = '', last_name: lastName = '' }) {
      await joinByInvitation(accounts, caller(ctx.state), { token, password, firstName, lastName });
      seeDone(ctx, site, 'joined');
    },
    again: (ctx, state) => offerPage(ctx, tokenOf(state), state),
  });
};

async function openLink(
  ctx: PageContext,
  site: Site,
  which: Parameters<typeof linkPage>[0],
  open: (token: string) => Promise<Page>,
): Promise<void> {
  const token = linkToken(ctx);
  if (token === null) sendPage(ctx, site, linkPage(which, true), ERRORS.LINK_INVALID.status);
  else sendPage(ctx, site, await open(token));
}

const tokenOf = ({ values }: FormState): string => values['token'] ?? '';
