import type Router from '@koa/router';
import type { Middleware } from 'koa';
import {
  CLIENT_ID,
  DEVICE_GRANT_TYPE,
  DeviceAuthorizationRequest,
  DeviceTokenRequest,
  type OAuthError,
  UserCodeRequest,
} from '#core/protocol/accounts.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { authorizeDevice, decideDevice, findDevice, pollDevice } from '../../accounts/device-grants.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { requiresSession } from '../../middlewares/authenticate.ts';
import { oauthError, oauthErrors } from '../../middlewares/oauth-errors.ts';
import { readFormOrJson, readJson } from '../../middlewares/read-json.ts';
import { caller } from '../auth/auth.ts';
import { UNNAMED_CLIENT } from '../auth/schema.ts';
import { grantView } from './schema.ts';

const PATH = '/api/v1/auth';

/** RFC 8628. The device's two routes take forms, as OAuth has it, or JSON. */
export function mountDevice(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  accounts: AccountServices,
): void {
  router.post(`${PATH}/device_authorization`, oauthErrors, async (ctx) => {
    const { client_id: clientId, client = UNNAMED_CLIENT } = await readFormOrJson(ctx.req, DeviceAuthorizationRequest);
    const answer =
      clientId === CLIENT_ID ? await authorizeDevice(accounts, caller(ctx.state), client) : unknownClient();
    ctx.status = 'error' in answer ? 400 : 200;
    ctx.body = answer;
  });

  router.post(`${PATH}/token`, oauthErrors, async (ctx) => {
    const asked = await readFormOrJson(ctx.req, DeviceTokenRequest);
    const answer = wrongGrant(asked) ?? (await pollDevice(accounts, asked.device_code));
    ctx.status = 'error' in answer ? 400 : 200;
    ctx.body = answer;
  });

  router.post(`${PATH}/device/find`, authenticate, requiresSession, async (ctx) => {
    const { user_code: typed } = await readJson(ctx.req, UserCodeRequest);
    const { userId } = ctx.state.principal;
    ctx.body = grantView(await findDevice(accounts, caller(ctx.state), { userId, typed }));
  });

  for (const [verb, decision] of [
    ['approve', 'approved'],
    ['deny', 'denied'],
  ] as const) {
    router.post(`${PATH}/device/${verb}`, authenticate, requiresSession, async (ctx) => {
      const { user_code: typed } = await readJson(ctx.req, UserCodeRequest);
      const { principal } = ctx.state;
      await decideDevice(accounts, caller(ctx.state), { principal, typed, decision });
      ctx.status = 204;
    });
  }
}

function wrongGrant(asked: { readonly grant_type: string; readonly client_id: string }): OAuthError | null {
  if (asked.client_id !== CLIENT_ID) return unknownClient();
  if (asked.grant_type === DEVICE_GRANT_TYPE) return null;
  return oauthError('unsupported_grant_type', `There is only ${DEVICE_GRANT_TYPE} here.`);
}

function unknownClient(): OAuthError {
  return oauthError(
    'invalid_client',
    `The only client there is is ${CLIENT_ID}; a device says what it is in "client".`,
  );
}
