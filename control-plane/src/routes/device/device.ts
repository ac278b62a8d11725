import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { DeviceAuthorizationRequest, DeviceTokenRequest, UserCodeRequest } from '#core/protocol/accounts.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { authorizeDevice, decideDevice, findDevice, pollDevice } from '../../accounts/device-grants.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { requiresSession } from '../../middlewares/authenticate.ts';
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
  router.post(`${PATH}/device_authorization`, async (ctx) => {
    const { client = UNNAMED_CLIENT } = await readFormOrJson(ctx.req, DeviceAuthorizationRequest);
    ctx.body = await authorizeDevice(accounts, caller(ctx.state), client);
  });

  router.post(`${PATH}/token`, async (ctx) => {
    const { device_code: deviceCode } = await readFormOrJson(ctx.req, DeviceTokenRequest);
    const polled = await pollDevice(accounts, deviceCode);
    ctx.status = polled.kind === 'tokens' ? 200 : 400;
    ctx.body = polled.kind === 'tokens' ? polled.tokens : polled.error;
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
