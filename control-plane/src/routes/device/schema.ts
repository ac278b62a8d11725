import type { DeviceGrantView } from '#core/protocol/accounts.ts';
import type { DeviceGrant } from '../../db/device-grant-repository.ts';

export function grantView(grant: DeviceGrant & { readonly userCode: string }): DeviceGrantView {
  const { userCode, client, address, createdAt, expiresAt } = grant;
  return { user_code: userCode, client, address, created_at: createdAt, expires_at: expiresAt };
}
