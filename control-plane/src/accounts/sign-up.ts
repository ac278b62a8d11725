import { CustardError } from '#core/errors.ts';
import { normalizeEmail } from '../identity/email-address.ts';
import { LINK, MAIL } from '../throttle/rules.ts';
import { emailInvalid, linkInvalid } from './account-errors.ts';
import type { AccountServices, Caller } from './account-services.ts';

interface SignUp {
  readonly email: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly organization: string | null;
}

/**
 * Remembers what somebody signed up with and queues a mail. It does the same work, and takes the same time, for an
 * address that has an account and for one that has not: the two part when the mail is composed.
 */
export async function signUp(services: AccountServices, caller: Caller, asked: SignUp): Promise<void> {
  const { passwordRules, hasher, signups, mails, database } = services;
  if (services.signup === 'invited') throw signupClosed();
  const email = await countedRecipient(services, caller, asked.email);
  const { password, firstName, lastName } = asked;
  await passwordRules.check(password, { email, names: [firstName, lastName, asked.organization ?? ''] });
  const passwordHash = await hasher.hash(password);
  const organizationName = asked.organization ?? defaultOrganizationName(firstName, email);
  await database.knex.transaction(async (trx) => {
    const signupId = await signups.add(trx, { email, passwordHash, firstName, lastName, organizationName });
    await mails.add(email, { template: 'signup', signupId }, trx);
  });
  services.mailQueue.wake();
}

/** Another mail for the newest sign-up with that address, if there is one. */
export async function resendVerification(services: AccountServices, caller: Caller, typed: string): Promise<void> {
  const email = await countedRecipient(services, caller, typed);
  await services.mails.add(email, { template: 'verification' });
  services.mailQueue.wake();
}

/** A sign-up becomes an account with its organization, or an account gets its new address. */
export async function verifyEmail(
  services: AccountServices,
  caller: Caller,
  token: string,
): Promise<{ readonly email: string; readonly purpose: 'signup' | 'email_change' }> {
  await services.throttle.count(LINK, caller.network);
  const link = await services.links.find(token, ['signup', 'email_change']);
  if (link === null) throw linkInvalid();
  const purpose = link.purpose === 'signup' ? 'signup' : 'email_change';
  const email = purpose === 'signup' ? await createAccount(services, token) : await changeEmail(services, token);
  await services.throttle.forgive(LINK, caller.network);
  return { email, purpose };
}

async function createAccount(
  { database, links, signups, ...services }: AccountServices,
  token: string,
): Promise<string> {
  const { users, organizations, log } = services;
  const created = await database.knex.transaction(async (trx) => {
    const link = await links.consume(trx, token, ['signup']);
    const signup = link === null ? null : await signups.find(link.subject, trx);
    if (signup === null) throw linkInvalid();
    const organizationId = await organizations.createEmpty(trx, signup.organizationName);
    const userId = await users.create(trx, signup, organizationId);
    if (userId === null) throw linkInvalid();
    await organizations.join(trx, organizationId, userId, 'owner');
    await signups.forget(trx, signup.email);
    return { userId, organizationId, email: signup.email };
  });
  const { userId, organizationId, email } = created;
  await log.record({ organizationId, actor: `user:${userId}`, action: 'account.created', subject: userId, detail: {} });
  return email;
}

async function changeEmail(
  { database, links, users, mails, ...services }: AccountServices,
  token: string,
): Promise<string> {
  const changed = await database.knex.transaction(async (trx) => {
    const link = await links.consume(trx, token, ['email_change']);
    const user = link === null ? null : await users.find(link.subject, trx);
    if (link === null || user === null || !(await users.setEmail(trx, user.id, link.email))) throw linkInvalid();
    // Whoever still reads the old address can no longer come in by it.
    await links.void(trx, 'reset_password', user.id);
    if (user.email !== null) await mails.add(user.email, { template: 'email_changed', email: link.email }, trx);
    return { user, email: link.email };
  });
  services.mailQueue.wake();
  const { user, email } = changed;
  const organizationId = user.currentOrganizationId ?? '';
  const event = { organizationId, actor: `user:${user.id}`, action: 'account.email_changed', subject: user.id };
  await services.log.record({ ...event, detail: {} });
  return email;
}

/** The address in its one form, after counting that a mail is asked for it: by somebody there, or a person with a session. */
export async function countedRecipient(
  { throttle }: AccountServices,
  by: Caller | { readonly userId: string },
  typed: string,
): Promise<string> {
  const email = normalizeEmail(typed);
  if (email === null) throw emailInvalid();
  if ('userId' in by) await throttle.count(MAIL.inviter, by.userId);
  else await throttle.count(MAIL.address, by.network);
  await throttle.count(MAIL.recipient, email);
  return email;
}

export function defaultOrganizationName(firstName: string, email: string): string {
  const owner = firstName === '' ? (email.split('@')[0] ?? '') : firstName;
  return `${owner}'s organization`;
}

function signupClosed(): CustardError {
  return new CustardError('FORBIDDEN', 'This server takes no sign-ups: people come in by invitation.', {
    hint: 'Ask an owner or admin of the organization to invite you: custard members invite E-MAIL',
  });
}
