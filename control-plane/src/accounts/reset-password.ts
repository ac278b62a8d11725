import { LINK } from '../throttle/rules.ts';
import { accessEnded, linkInvalid } from './account-errors.ts';
import type { AccountServices, Caller } from './account-services.ts';
import { countedRecipient } from './sign-up.ts';

/** Queues a mail, whether there is an account or not. */
export async function forgotPassword(services: AccountServices, caller: Caller, typed: string): Promise<void> {
  const email = await countedRecipient(services, caller, typed);
  await services.mails.add(email, { template: 'reset_password' });
  services.mailQueue.wake();
}

/** Sets the password and ends every session. A password that is refused leaves the link good. */
export async function resetPassword(
  services: AccountServices,
  { address, network }: Caller,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<void> {
  const { throttle, links, users, hasher, passwordRules, database, log } = services;
  await throttle.count(LINK, network);
  const link = await links.find(token, ['reset_password']);
  const owner = link === null ? null : await users.find(link.subject);
  if (owner === null || owner.email === null || owner.email !== link?.email) throw linkInvalid();
  await passwordRules.check(password, { email: owner.email, names: [owner.firstName, owner.lastName] });
  const passwordHash = await hasher.hash(password);
  const { id: userId, email } = owner;
  await database.knex.transaction(async (trx) => {
    if ((await links.consume(trx, token, ['reset_password'])) === null) throw linkInvalid();
    await users.setPasswordHash(userId, passwordHash, trx);
    await services.sessionRecords.revokeAll(userId, { trx });
    await services.mails.add(email, { template: 'password_changed' }, trx);
  });
  await throttle.forgive(LINK, network);
  log.ended({ userId, kind: 'session' }, accessEnded('The password was changed, which ends every session.'));
  services.mailQueue.wake();
  const event = { organizationId: owner.currentOrganizationId ?? '', actor: `user:${userId}`, subject: userId };
  await log.record({ ...event, action: 'password.reset', detail: { address } });
}
