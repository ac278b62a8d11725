import type Router from '@koa/router';
import { ERRORS, isCustardError } from '#core/errors.ts';
import { PAGES, pagePath } from '#core/protocol/pages.ts';
import type { FormState } from '#web-minimal/form.ts';
import type { Page } from '#web-minimal/page.ts';
import { deviceCodePage, deviceDecisionPage, deviceLogInPage } from '#web-minimal/pages/device.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { decideDevice, findDevice } from '../../accounts/device-grants.ts';
import { checkCredentials } from '../../accounts/log-in.ts';
import { logOut } from '../../accounts/log-out.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { caller } from '../auth/auth.ts';
import { grantView } from '../device/schema.ts';
import { problemOf } from './explain.ts';
import { formRoute } from './form-route.ts';
import { FORMS, typedUserCode } from './page-fields.ts';
import { checkFormToken, findVisitor, setCookie } from './page-visitor.ts';
import { type PageContext, type Site, seeDone, seeOther, sendPage } from './send-page.ts';

type Mount = (router: Router<AuthenticatedState>, site: Site, accounts: AccountServices) => void;

/** The person's side of RFC 8628: log in, see which device it is, let it in or turn it away. */
export const mountDevicePages: Mount = (router, site, accounts) => {
  // Their forms say which site they come from (form-origin.ts); no address of theirs holds a secret.
  router.use([PAGES.device, PAGES.logIn, PAGES.logOut], async (ctx, next) => {
    ctx.set('referrer-policy', 'same-origin');
    await next();
  });
  mountDevice(router, site, accounts);
  mountLogIn(router, site, accounts);
  mountLogOut(router, site, accounts);
  // Whoever loads them again after a form that failed.
  for (const path of [PAGES.logIn, PAGES.logOut]) router.get(path, (ctx) => seeOther(ctx, site, PAGES.device));
};

const mountDevice: Mount = (router, site, accounts) => {
  const { pageSessions } = accounts;
  router.get(PAGES.device, async (ctx) => {
    const typed = typedUserCode(ctx);
    const visitor = await findVisitor(ctx, site, pageSessions);
    if (visitor === null) return sendPage(ctx, site, deviceLogInPage(typed));
    if (typed === '') return sendPage(ctx, site, deviceCodePage(visitor.shown));
    try {
      const { userId } = visitor.principal;
      const grant = grantView(await findDevice(accounts, caller(ctx.state), { userId, typed }));
      sendPage(ctx, site, deviceDecisionPage(visitor.shown, grant));
    } catch (error) {
      const problem = problemOf(error);
      if (problem === null || !isCustardError(error)) throw error;
      const state = { values: { user_code: typed }, problems: [problem] };
      sendPage(ctx, site, deviceCodePage(visitor.shown, state), ERRORS[error.code].status);
    }
  });

  formRoute(router, site, {
    ...{ path: PAGES.device, shape: FORMS.decide, usesCookie: true },
    async act(ctx, { user_code: typed, form_token: token, decision }) {
      const visitor = await findVisitor(ctx, site, pageSessions);
      if (visitor === null) return seeOther(ctx, site, pagePath(PAGES.device, { user_code: typed }));
      checkFormToken(visitor, token);
      const { principal } = visitor;
      const decided = decision === 'approve' ? 'approved' : 'denied';
      await decideDevice(accounts, caller(ctx.state), { principal, typed, decision: decided });
      seeDone(ctx, site, `device-${decided}`);
    },
    async again(ctx, state) {
      const visitor = await findVisitor(ctx, site, pageSessions);
      return visitor === null ? logInPage(state) : deviceCodePage(visitor.shown, state);
    },
  });
};

const mountLogIn: Mount = (router, site, accounts) => {
  formRoute(router, site, {
    ...{ path: PAGES.logIn, shape: FORMS.logIn, usesCookie: true },
    async act(ctx, { user_code: userCode, ...given }) {
      const user = await checkCredentials(accounts, caller(ctx.state), given);
      await endSession(ctx, site, accounts);
      setCookie(ctx, site, await accounts.pageSessions.open(user));
      seeOther(ctx, site, pagePath(PAGES.device, userCode === undefined ? {} : { user_code: userCode }));
    },
    again: (_, state) => logInPage(state),
  });
};

const mountLogOut: Mount = (router, site, accounts) => {
  formRoute(router, site, {
    ...{ path: PAGES.logOut, shape: FORMS.logOut, usesCookie: true },
    async act(ctx, { form_token: token }) {
      const visitor = await findVisitor(ctx, site, accounts.pageSessions);
      if (visitor !== null) checkFormToken(visitor, token);
      await endSession(ctx, site, accounts);
      setCookie(ctx, site, null);
      seeDone(ctx, site, 'logged-out');
    },
    again: (_, state) => logInPage(state),
  });
};

async function endSession(ctx: PageContext, site: Site, accounts: AccountServices): Promise<void> {
  const visitor = await findVisitor(ctx, site, accounts.pageSessions);
  if (visitor !== null) await logOut(accounts, { principal: visitor.principal, refreshToken: null, all: false });
}

const logInPage = (state: FormState): Page => deviceLogInPage(state.values['user_code'] ?? '', state);
