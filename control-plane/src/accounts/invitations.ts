import { CustardError } from '#core/errors.ts';
import type { Role, SessionTokens } from '#core/protocol/accounts.ts';
import type { Invitation } from '../db/invitation-repository.ts';
import type { User } from '../db/user-repository.ts';
import type { Principal } from '../identity/principal.ts';
import { LINK } from '../throttle/rules.ts';
import { linkInvalid } from './account-errors.ts';
import type { AccountServices, Caller } from './account-services.ts';
import { checkCredentials } from './log-in.ts';
import { demandRank } from './members.ts';
import { countedRecipient } from './sign-up.ts';

export async function invite(
  services: AccountServices,
  { principal, ...asked }: { readonly principal: Principal; readonly email: string; readonly role: Role },
): Promise<Invitation> {
  const { organizationId, userId } = principal;
  demandRank(principal, asked.role);
  const email = await countedRecipient(services, { userId }, asked.email);
  const members = await services.members.list(organizationId);
  if (members.some((member) => member.email === email)) {
    throw new CustardError('CONFLICT', 'Somebody with that address is in the organization already.', {
      hint: 'See who there is: custard members list',
    });
  }
  const invitation = await services.invitations.create(organizationId, { email, role: asked.role, invitedBy: userId });
  await services.mails.add(email, { template: 'invitation', invitationId: invitation.id });
  services.mailQueue.wake();
  const event = { organizationId, actor: `user:${userId}`, action: 'member.invited', subject: invitation.id };
  await services.log.record({ ...event, detail: { email, role: asked.role } });
  return invitation;
}

interface Offer {
  readonly invitation: Invitation;
  readonly organization: string;
  readonly hasAccount: boolean;
}

/** What a mailed link offers; LINK_INVALID when it does not any more. */
export async function findOffer(services: AccountServices, { network }: Caller, token: string): Promise<Offer> {
  await services.throttle.count(LINK, network);
  const link = await services.links.find(token, ['invitation']);
  const invitation = link === null ? null : await services.invitations.findOpen(link.subject);
  if (invitation === null) throw linkInvalid();
  await services.throttle.forgive(LINK, network);
  const [organization, user] = await Promise.all([
    services.organizations.find(invitation.organizationId),
    services.users.findByEmail(invitation.email),
  ]);
  return { invitation, organization: organization.name, hasAccount: user !== null };
}

interface Acceptance {
  readonly token: string;
  /** Of the account that has the address, or for the one that is made: the link proves that the address is theirs. */
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** Joins the organization and logs in there. */
export async function acceptInvitation(
  services: AccountServices,
  caller: Caller,
  { client, ...acceptance }: Acceptance & { readonly client: string },
): Promise<SessionTokens> {
  const { user, organizationId } = await joinByInvitation(services, caller, acceptance);
  return await services.sessions.openIn(user, { organizationId, client });
}

/** Without a session: whoever does it in a browser logs in elsewhere. */
export async function joinByInvitation(
  services: AccountServices,
  caller: Caller,
  { token, password, ...names }: Acceptance,
): Promise<{ readonly user: User; readonly organizationId: string }> {
  const { invitation, hasAccount } = await findOffer(services, caller, token);
  const { email, organizationId } = invitation;
  const user = hasAccount
    ? await joinWithAccount(services, await checkCredentials(services, caller, { email, password }), token)
    : await joinAnew(services, { token, email, password, ...names });
  const event = { organizationId, actor: `user:${user.id}`, action: 'member.joined', subject: user.id };
  await services.log.record({ ...event, detail: { role: invitation.role, invitation: invitation.id } });
  return { user, organizationId };
}

async function joinWithAccount(services: AccountServices, user: User, token: string): Promise<User> {
  const { database, users, organizations } = services;
  await database.knex.transaction(async (trx) => {
    const { organizationId, role } = await takeInvitation(services, trx, token);
    await organizations.join(trx, organizationId, user.id, role);
    await users.setCurrentOrganization(user.id, organizationId, trx);
  });
  return user;
}

async function joinAnew(
  services: AccountServices,
  { token, email, password, firstName, lastName }: Acceptance & { readonly email: string },
): Promise<User> {
  const { database, users, organizations, signups, passwordRules, hasher } = services;
  await passwordRules.check(password, { email, names: [firstName, lastName] });
  const passwordHash = await hasher.hash(password);
  const userId = await database.knex.transaction(async (trx) => {
    const { organizationId, role } = await takeInvitation(services, trx, token);
    const created = await users.create(trx, { email, passwordHash, firstName, lastName }, organizationId);
    if (created === null) throw linkInvalid();
    await organizations.join(trx, organizationId, created, role);
    await signups.forget(trx, email);
    return created;
  });
  const user = await users.find(userId);
  if (user === null) throw linkInvalid();
  return user;
}

async function takeInvitation(
  { links, invitations }: AccountServices,
  trx: Parameters<AccountServices['links']['consume']>[0],
  token: string,
): Promise<Invitation> {
  const link = await links.consume(trx, token, ['invitation']);
  const invitation = link === null ? null : await invitations.findOpen(link.subject, trx);
  if (invitation === null || !(await invitations.accept(trx, invitation.id))) throw linkInvalid();
  return invitation;
}
