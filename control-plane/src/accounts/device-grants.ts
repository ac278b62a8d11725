import { CustardError } from '#core/errors.ts';
import type { DeviceAuthorization, OAuthError, SessionTokens } from '#core/protocol/accounts.ts';
import { PAGES, pagePath } from '#core/protocol/pages.ts';
import { DEVICE_LIFETIME_MS, type DeviceGrant, POLL_INTERVAL_S } from '../db/device-grant-repository.ts';
import type { Principal } from '../identity/principal.ts';
import { readUserCode } from '../identity/user-code.ts';
import { DEVICE, USER_CODE } from '../throttle/rules.ts';
import type { AccountServices, Caller } from './account-services.ts';

/** RFC 8628: a device without a browser shows a code, and its person lets it in from where they are logged in. */

/** RFC 8628, 3.5: each time it asks too early it is to wait that much longer. */
const SLOWER_BY_S = 5;
/** Networks are not exact: a poll that comes a little early is on time. */
const EARLY_MS = 500;
const SLOWEST_S = 60;

export async function authorizeDevice(
  services: AccountServices,
  { address, network }: Caller,
  client: string,
): Promise<DeviceAuthorization> {
  await services.throttle.count(DEVICE, network);
  const { deviceCode, userCode } = await services.devices.create({ client, address });
  const server = services.publicUrl();
  return {
    ...{ device_code: deviceCode, user_code: userCode, verification_uri: server + PAGES.device },
    verification_uri_complete: server + pagePath(PAGES.device, { user_code: userCode }),
    ...{ expires_in: DEVICE_LIFETIME_MS / 1000, interval: POLL_INTERVAL_S },
  };
}

export async function pollDevice(services: AccountServices, deviceCode: string): Promise<SessionTokens | OAuthError> {
  const { devices, users, database, sessions } = services;
  const grant = await devices.findByDeviceCode(deviceCode);
  if (grant === null) return failed('invalid_grant', 'The device code is not known, or was used already.');
  if (Date.parse(grant.expiresAt) <= Date.now())
    return failed('expired_token', 'Nobody let the device in in time: begin again.');
  if (isTooEarly(grant)) {
    await devices.recordPoll(grant.hash, Math.min(grant.intervalS + SLOWER_BY_S, SLOWEST_S));
    return failed('slow_down', `Ask ${SLOWER_BY_S} seconds less often.`);
  }
  await devices.recordPoll(grant.hash, grant.intervalS);
  if (grant.status === 'pending') return failed('authorization_pending', 'Nobody has let the device in yet.');
  if (grant.status === 'denied') return failed('access_denied', 'The device was not let in.');
  const user = grant.userId === null ? null : await users.find(grant.userId);
  const taken = await database.knex.transaction((trx) => devices.take(trx, grant.hash));
  if (!taken || user === null) return failed('invalid_grant', 'The device code was used already.');
  const membership = await services.organizations.membership(user.id, grant.organizationId ?? '');
  const { client } = grant;
  return membership === null
    ? await sessions.open(user, client)
    : await sessions.openIn(user, { organizationId: membership.id, client });
}

/** What waits behind a code, to be shown before it is let in. */
export async function findDevice(
  services: AccountServices,
  caller: Caller,
  { userId, typed }: { readonly userId: string; readonly typed: string },
): Promise<DeviceGrant & { readonly userCode: string }> {
  await countCode(services, caller, userId);
  const userCode = readUserCode(typed);
  const grant = userCode === null ? null : await services.devices.findByUserCode(userCode);
  if (userCode === null || grant === null) throw codeUnknown();
  return { ...grant, userCode };
}

export async function decideDevice(
  services: AccountServices,
  caller: Caller,
  {
    principal,
    typed,
    decision,
  }: { readonly principal: Principal; readonly typed: string; readonly decision: 'approved' | 'denied' },
): Promise<void> {
  const { userId, organizationId } = principal;
  await countCode(services, caller, userId);
  const userCode = readUserCode(typed);
  const grant =
    userCode === null ? null : await services.devices.decide(userCode, decision, { userId, organizationId });
  if (grant === null) throw codeUnknown();
  await Promise.all([
    services.throttle.forget(USER_CODE.user, userId),
    services.log.record({
      ...{ organizationId, actor: `user:${userId}`, action: `device.${decision}`, subject: userId },
      detail: { client: grant.client, address: grant.address },
    }),
  ]);
}

/** Codes are short: nobody gets to try many of them. */
async function countCode({ throttle }: AccountServices, { network }: Caller, userId: string): Promise<void> {
  await throttle.count(USER_CODE.user, userId);
  await throttle.count(USER_CODE.address, network);
}

function isTooEarly({ polledAt, intervalS }: DeviceGrant): boolean {
  return polledAt !== null && Date.now() - Date.parse(polledAt) < intervalS * 1000 - EARLY_MS;
}

function failed(error: OAuthError['error'], error_description: string): OAuthError {
  return { error, error_description };
}

function codeUnknown(): CustardError {
  return new CustardError('NOT_FOUND', 'No device waits with that code.', {
    hint: 'Compare it with what the device shows; codes are good for ten minutes. Begin again there: custard login',
  });
}
