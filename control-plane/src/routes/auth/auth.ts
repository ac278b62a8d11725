import type Router from '@koa/router';
import { CustardError } from '#core/errors.ts';
import {
  EmailRequest,
  LinkRequest,
  LoginRequest,
  LogoutRequest,
  RefreshRequest,
  ResetPasswordRequest,
  SignupRequest,
} from '#core/protocol/accounts.ts';
import type { AccountServices, Caller } from '../../accounts/account-services.ts';
import { logIn } from '../../accounts/log-in.ts';
import { logOut } from '../../accounts/log-out.ts';
import { forgotPassword, resetPassword } from '../../accounts/reset-password.ts';
import { resendVerification, signUp, verifyEmail } from '../../accounts/sign-up.ts';
import { throttledAddress } from '../../client-address.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import type { Authenticator } from '../../identity/authenticator.ts';
import { readJson } from '../../middlewares/read-json.ts';
import { REFRESH } from '../../throttle/rules.ts';
import { RESET_QUEUED, SIGNUP_QUEUED, UNNAMED_CLIENT, VERIFICATION_QUEUED } from './schema.ts';

const PATH = '/api/v1/auth';

interface AuthDependencies {
  readonly accounts: AccountServices;
  readonly authenticator: Authenticator;
}

/** What nobody needs to be logged in for. */
export function mountAuth(router: Router<AuthenticatedState>, deps: AuthDependencies): void {
  mountSignUp(router, deps);
  mountLogIn(router, deps);
  mountPasswordReset(router, deps);
}

function mountSignUp(router: Router<AuthenticatedState>, { accounts }: AuthDependencies): void {
  router.post(`${PATH}/signup`, async (ctx) => {
    const { email, password, ...asked } = await readJson(ctx.req, SignupRequest);
    const names = { firstName: asked.first_name, lastName: asked.last_name };
    await signUp(accounts, caller(ctx.state), { email, password, ...names, organization: asked.organization ?? null });
    ctx.status = 202;
    ctx.body = SIGNUP_QUEUED;
  });

  router.post(`${PATH}/resend-verification`, async (ctx) => {
    const { email } = await readJson(ctx.req, EmailRequest);
    await resendVerification(accounts, caller(ctx.state), email);
    ctx.status = 202;
    ctx.body = VERIFICATION_QUEUED;
  });

  router.post(`${PATH}/verify-email`, async (ctx) => {
    const { token } = await readJson(ctx.req, LinkRequest);
    ctx.body = await verifyEmail(accounts, caller(ctx.state), token);
  });
}

function mountLogIn(router: Router<AuthenticatedState>, { accounts, authenticator }: AuthDependencies): void {
  router.post(`${PATH}/login`, async (ctx) => {
    const { email, password, client = UNNAMED_CLIENT } = await readJson(ctx.req, LoginRequest);
    ctx.body = await logIn(accounts, caller(ctx.state), { email, password, client });
  });

  router.post(`${PATH}/refresh`, async (ctx) => {
    const { refresh_token: token } = await readJson(ctx.req, RefreshRequest);
    const { network } = caller(ctx.state);
    await accounts.throttle.count(REFRESH, network);
    ctx.body = await accounts.sessions.refresh(token);
    await accounts.throttle.forgive(REFRESH, network);
  });

  router.post(`${PATH}/logout`, async (ctx) => {
    const { refresh_token: token, all = false } = await readJson(ctx.req, LogoutRequest);
    // The access token may have expired meanwhile: the other one is enough.
    const principal = token === undefined ? await authenticator.authenticate(ctx.req.headers.authorization) : null;
    if (principal?.kind === 'token') throw notASession();
    await logOut(accounts, { principal, refreshToken: token ?? null, all });
    ctx.status = 204;
  });
}

function mountPasswordReset(router: Router<AuthenticatedState>, { accounts }: AuthDependencies): void {
  router.post(`${PATH}/forgot-password`, async (ctx) => {
    const { email } = await readJson(ctx.req, EmailRequest);
    await forgotPassword(accounts, caller(ctx.state), email);
    ctx.status = 202;
    ctx.body = RESET_QUEUED;
  });

  router.post(`${PATH}/reset-password`, async (ctx) => {
    await resetPassword(accounts, caller(ctx.state), await readJson(ctx.req, ResetPasswordRequest));
    ctx.status = 204;
  });
}

export function caller({ address }: Pick<AuthenticatedState, 'address'>): Caller {
  return { address, network: throttledAddress(address) };
}

function notASession(): CustardError {
  return new CustardError('FORBIDDEN', 'A token is not logged out, it is revoked.', {
    hint: 'Revoke it: custard token revoke ID',
  });
}
