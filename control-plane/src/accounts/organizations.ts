import { CustardError } from '#core/errors.ts';
import type { UsedOrganization } from '#core/protocol/accounts.ts';
import type { Membership } from '../db/organization-repository.ts';
import { ACCESS_TOKEN_S } from '../identity/access-token.ts';
import type { Principal } from '../identity/principal.ts';
import { accessEnded } from './account-errors.ts';
import type { AccountServices } from './account-services.ts';

/** Far more than anybody has, and few enough that nobody fills the database. */
const MAX_ORGANIZATIONS = 100;

export async function createOrganization(
  { database, organizations, log }: AccountServices,
  { userId }: Principal,
  name: string,
): Promise<Membership> {
  if ((await organizations.listOf(userId)).length >= MAX_ORGANIZATIONS) {
    throw new CustardError('CONFLICT', `You are in ${MAX_ORGANIZATIONS} organizations already.`, {
      hint: 'Leave one of them first.',
    });
  }
  const organizationId = await database.knex.transaction((trx) => organizations.create(trx, name, userId));
  const event = { organizationId, actor: `user:${userId}`, action: 'organization.created', subject: organizationId };
  await log.record({ ...event, detail: { name } });
  return await organizations.get(userId, organizationId);
}

/** The one the caller acts in; any other answers as one that is not there. */
export async function renameOrganization(
  { organizations, log }: AccountServices,
  { userId, organizationId }: Principal,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<Membership> {
  const organization = await organizations.get(userId, id === organizationId ? id : '');
  await organizations.rename(organizationId, name);
  const event = { organizationId, actor: `user:${userId}`, action: 'organization.renamed', subject: organizationId };
  await log.record({ ...event, detail: { from: organization.name, to: name } });
  return { ...organization, name };
}

/** The session, and every later log-in, acts in that one. What was open in the one before ends. */
export async function useOrganization(
  services: AccountServices,
  { userId, tokenId: sessionId, organizationId: before }: Principal,
  id: string,
): Promise<UsedOrganization> {
  const { organizations, sessionRecords, sessions, users, log } = services;
  const { name, role } = await organizations.get(userId, id);
  await sessionRecords.useOrganization(sessionId, id);
  await users.setCurrentOrganization(userId, id);
  if (id !== before) log.ended({ sessionId }, accessEnded('The session went on to another organization.'));
  return {
    access_token: await sessions.accessToken({ id: sessionId, userId, organizationId: id }),
    ...{ token_type: 'Bearer', expires_in: ACCESS_TOKEN_S },
    organization: { id, name, role },
  };
}
