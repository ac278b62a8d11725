import { CustardError } from '#core/errors.ts';
import type { Role } from '#core/protocol/accounts.ts';
import type { Member } from '../db/member-repository.ts';
import { isAtLeast } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { accessEnded } from './account-errors.ts';
import type { AccountServices } from './account-services.ts';
import { defaultOrganizationName } from './sign-up.ts';

export async function changeRole(
  services: AccountServices,
  principal: Principal,
  { userId, role }: { readonly userId: string; readonly role: Role },
): Promise<Member> {
  const { database, members, log } = services;
  const { organizationId } = principal;
  const member = await members.get(organizationId, userId);
  demandRank(principal, member.role);
  demandRank(principal, role);
  await database.forOrganization(organizationId, (knex) =>
    knex.transaction((trx) => members.changeRole(trx, organizationId, userId, role)),
  );
  log.ended({ organizationId, userId }, accessEnded('Your role in the organization was changed.'));
  const event = { organizationId, actor: `user:${principal.userId}`, action: 'member.role_changed', subject: userId };
  await log.record({ ...event, detail: { from: member.role, to: role } });
  return { ...member, role };
}

/**
 * Ends what the person has open in the organization, and the tokens they made for themselves. Their sessions go on in
 * another organization of theirs; who has none gets one, so that everybody always has one.
 */
export async function removeMember(services: AccountServices, principal: Principal, userId: string): Promise<void> {
  const { database, members, organizations, sessionRecords, users, log } = services;
  const { organizationId } = principal;
  const member = await members.get(organizationId, userId);
  if (userId !== principal.userId) demandRank(principal, member.role);
  await database.knex.transaction(async (trx) => {
    await members.remove(trx, organizationId, userId);
    await services.tokens.revokePersonal(trx, organizationId, userId);
    const [next] = await organizations.listOf(userId, trx);
    const name = defaultOrganizationName(member.firstName, member.email ?? 'owner@');
    const to = next?.id ?? (await organizations.create(trx, name, userId));
    await sessionRecords.moveOrganization(trx, userId, { from: organizationId, to });
    await users.setCurrentOrganization(userId, to, trx);
  });
  log.ended({ organizationId, userId }, accessEnded('You are not in that organization any more.'));
  const event = { organizationId, actor: `user:${principal.userId}`, action: 'member.removed', subject: userId };
  await log.record({ ...event, detail: { role: member.role } });
}

/** Nobody raises somebody above themselves, nor touches who is above them: an admin cannot make or unmake owners. */
export function demandRank({ role }: Principal, other: Role): void {
  if (isAtLeast(role, other)) return;
  throw new CustardError('FORBIDDEN', `As ${role} of the organization you may not do that to its ${other}.`, {
    hint: `An ${other} can.`,
  });
}
