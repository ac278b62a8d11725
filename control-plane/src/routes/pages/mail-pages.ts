import type Router from '@koa/router';
import { PAGES } from '#core/protocol/pages.ts';
import { askForMailPage } from '#web-minimal/pages/ask-for-mail.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { forgotPassword } from '../../accounts/reset-password.ts';
import { resendVerification } from '../../accounts/sign-up.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { caller } from '../auth/auth.ts';
import { formRoute } from './form-route.ts';
import { FORMS } from './page-fields.ts';
import { type Site, seeDone, sendPage } from './send-page.ts';

const ASKED = {
  forgotPassword: { send: forgotPassword, done: 'reset-sent' },
  resendVerification: { send: resendVerification, done: 'verification-sent' },
} as const;

/** Whoever asks for a mail: they are told the same for every address. */
export function mountMailPages(router: Router<AuthenticatedState>, site: Site, accounts: AccountServices): void {
  for (const which of ['forgotPassword', 'resendVerification'] as const) {
    const { send, done } = ASKED[which];
    router.get(PAGES[which], (ctx) => sendPage(ctx, site, askForMailPage(which)));
    formRoute(router, site, {
      ...{ path: PAGES[which], shape: FORMS.email },
      async act(ctx, { email }) {
        await send(accounts, caller(ctx.state), email);
        seeDone(ctx, site, done);
      },
      again: (_, state) => askForMailPage(which, state),
    });
  }
}
