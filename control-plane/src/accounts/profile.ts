import type { ProfileView } from '#core/protocol/accounts.ts';
import { PERMISSIONS } from '#core/protocol/accounts.ts';
import type { User } from '../db/user-repository.ts';
import { may } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { accessEnded } from './account-errors.ts';
import type { AccountServices } from './account-services.ts';
import { confirmPassword } from './log-in.ts';
import { countedRecipient } from './sign-up.ts';

interface ProfileChanges {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly newPassword: string | null;
  readonly currentPassword: string | null;
}

export async function profileView(services: AccountServices, principal: Principal): Promise<ProfileView> {
  const { userId, organizationId, role, kind } = principal;
  const user = await services.users.find(userId);
  const organization = await services.organizations.find(organizationId);
  return {
    id: userId,
    email: user?.email ?? null,
    first_name: user?.firstName ?? '',
    last_name: user?.lastName ?? '',
    organization: { id: organizationId, name: organization.name, role, created_at: organization.createdAt },
    permissions: PERMISSIONS.filter((permission) => may(principal, permission)),
    authenticated_by: kind,
  };
}

/** All of it or nothing: what is refused is found out before anything is changed. */
export async function updateProfile(
  services: AccountServices,
  principal: Principal,
  changes: ProfileChanges,
): Promise<void> {
  const user = await services.users.find(principal.userId);
  if (user === null) throw accessEnded('The account is not there any more.');
  const { newPassword, currentPassword } = changes;
  if (newPassword !== null || changes.email !== null) await confirmPassword(services, user, currentPassword);
  const email = changes.email === null ? null : await countedRecipient(services, { userId: user.id }, changes.email);
  const [firstName, lastName] = [changes.firstName ?? user.firstName, changes.lastName ?? user.lastName];
  const names = { email: user.email ?? '', names: [firstName, lastName] };
  if (newPassword !== null) await services.passwordRules.check(newPassword, names);
  const passwordHash = newPassword === null ? null : await services.hasher.hash(newPassword);
  await services.database.knex.transaction(async (trx) => {
    await services.users.update(user.id, { firstName, lastName }, trx);
    if (email !== null && email !== user.email)
      await services.mails.add(email, { template: 'email_change', userId: user.id }, trx);
    if (passwordHash === null) return;
    await services.users.setPasswordHash(user.id, passwordHash, trx);
    await services.links.void(trx, 'reset_password', user.id);
    await services.sessionRecords.revokeAll(user.id, { except: principal.tokenId, trx });
    if (user.email !== null) await services.mails.add(user.email, { template: 'password_changed' }, trx);
  });
  services.mailQueue.wake();
  if (passwordHash !== null) await passwordChanged(services, principal, user);
}

/** The session it was changed in goes on; all others end. */
async function passwordChanged({ log }: AccountServices, principal: Principal, user: User): Promise<void> {
  const ended = { userId: user.id, kind: 'session', exceptSessionId: principal.tokenId } as const;
  log.ended(ended, accessEnded('The password was changed, which ends every other session.'));
  const event = { organizationId: principal.organizationId, actor: `user:${user.id}`, action: 'password.changed' };
  await log.record({ ...event, subject: user.id, detail: {} });
}
