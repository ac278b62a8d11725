import { CustardError } from '#core/errors.ts';
import type { SessionTokens } from '#core/protocol/accounts.ts';
import type { User } from '../db/user-repository.ts';
import { normalizeEmail } from '../identity/email-address.ts';
import { CURRENT_PASSWORD, LOGIN } from '../throttle/rules.ts';
import { credentialsWrong, emailInvalid } from './account-errors.ts';
import type { AccountServices, Caller } from './account-services.ts';

interface LogIn {
  readonly email: string;
  readonly password: string;
  readonly client: string;
}

export async function logIn(
  services: AccountServices,
  caller: Caller,
  { client, ...given }: LogIn,
): Promise<SessionTokens> {
  const user = await checkCredentials(services, caller, given);
  return await services.sessions.open(user, client);
}

/**
 * The account of an e-mail address and a password. CREDENTIALS_WRONG, after the same time, for a wrong password and an
 * address without an account; EMAIL_NOT_VERIFIED only to who knows the password of the sign-up.
 */
export async function checkCredentials(
  services: AccountServices,
  { address, network }: Caller,
  given: Pick<LogIn, 'email' | 'password'>,
): Promise<User> {
  const { users, signups, hasher, throttle } = services;
  const email = normalizeEmail(given.email);
  if (email === null) throw emailInvalid();
  const both = `${email}\0${network}`;
  await throttle.count(LOGIN.accountAndAddress, both);
  await throttle.count(LOGIN.address, network);
  await throttle.count(LOGIN.account, email);
  // Both are looked up in either case, and one hash is computed in either case.
  const [user, signup] = await Promise.all([users.findByEmail(email), signups.findByEmail(email)]);
  const fits = await hasher.verify(user === null ? (signup?.passwordHash ?? null) : user.passwordHash, given.password);
  if (!fits) {
    if (user !== null) loginFailed(services, user, address);
    throw credentialsWrong();
  }
  await Promise.all([
    ...[throttle.forget(LOGIN.accountAndAddress, both), throttle.forget(LOGIN.account, email)],
    throttle.forgive(LOGIN.address, network),
  ]);
  if (user === null) throw notVerified();
  await rehash(services, user, given.password);
  return user;
}

/** The password of somebody who is in a session already, asked for before what a stolen session must not do. */
export async function confirmPassword(services: AccountServices, user: User, password: string | null): Promise<void> {
  if (password === null) {
    throw new CustardError('INVALID_REQUEST', '"current_password" is needed for that.', {
      hint: 'Send the current password with it.',
    });
  }
  await services.throttle.count(CURRENT_PASSWORD, user.id);
  if (!(await services.hasher.verify(user.passwordHash, password))) throw credentialsWrong();
  await services.throttle.forget(CURRENT_PASSWORD, user.id);
}

function loginFailed({ log }: AccountServices, user: User, address: string): void {
  if (user.currentOrganizationId === null) return;
  const event = { organizationId: user.currentOrganizationId, actor: `user:${user.id}`, action: 'login.failed' };
  log.recordLater({ ...event, subject: user.id, detail: { address } });
}

/** Costs rise over the years; the password is here only now. */
async function rehash({ users, hasher }: AccountServices, user: User, password: string): Promise<void> {
  if (user.passwordHash === null || !(await hasher.isOutdated(user.passwordHash))) return;
  await users.replacePasswordHash(user.id, user.passwordHash, await hasher.hash(password));
}

function notVerified(): CustardError {
  return new CustardError('EMAIL_NOT_VERIFIED', 'The e-mail address is not verified yet.', {
    hint: 'Follow the link in the mail, or ask for another one: custard signup --resend E-MAIL',
  });
}
