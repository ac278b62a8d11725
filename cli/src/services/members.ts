import { closest } from '#core/closest.ts';
import { CustardError } from '#core/errors.ts';
import type { InvitationView, MemberView, Role } from '#core/protocol/accounts.ts';
import { changeRole, invitations, invite, members, profile, removeMember, revokeInvitation } from '../api/accounts.ts';
import type { ListColumn } from '../output/print-list.ts';
import type { RunContext } from '../run-context.ts';
import { confirm } from './confirm.ts';
import { openServerApi } from './open-api.ts';
import { createSession, type SessionFlags } from './session.ts';
import { tellDone, tellList } from './tell.ts';

interface Options {
  readonly context: RunContext;
  readonly flags: SessionFlags;
}
/** By e-mail address or id. */
type Named = Options & { readonly who: string };

const MEMBER_COLUMNS: readonly ListColumn<MemberView>[] = [
  { name: 'e-mail', value: ({ email }) => email },
  { name: 'name', value: (member) => fullName(member) || null },
  { name: 'role', value: ({ role }) => role },
  { name: 'since', value: ({ joined_at }) => joined_at },
  { name: 'id', value: ({ user_id }) => user_id },
];

const INVITATION_COLUMNS: readonly ListColumn<InvitationView>[] = [
  { name: 'e-mail', value: ({ email }) => email },
  { name: 'role', value: ({ role }) => role },
  { name: 'good until', value: ({ expires_at }) => expires_at },
  { name: 'invited', value: ({ created_at }) => created_at },
  { name: 'id', value: ({ id }) => id },
];

const fullName = ({ first_name: first, last_name: last }: MemberView): string => `${first} ${last}`.trim();
const called = (member: MemberView): string => member.email ?? member.user_id;

export async function listMembers({ context, flags }: Options): Promise<void> {
  const session = createSession(context, flags);
  const items = await members(openServerApi(session));
  await tellList(session, { schema: 'custard.members/1', items, columns: MEMBER_COLUMNS });
}

export async function listInvitations({ context, flags }: Options): Promise<void> {
  const session = createSession(context, flags);
  const items = await invitations(openServerApi(session));
  if (items.length === 0) session.narrator.note('Nobody is invited. To invite: custard members invite E-MAIL');
  await tellList(session, { schema: 'custard.invitations/1', items, columns: INVITATION_COLUMNS });
}

export async function inviteMember({ context, flags, who, role }: Named & { readonly role: Role }): Promise<void> {
  const session = createSession(context, flags);
  const data = await invite(openServerApi(session), who, role);
  const note = `A mail with a link is on its way to ${data.email}, good until ${data.expires_at}.`;
  await tellDone(session, { schema: 'custard.invitation/1', data, note });
}

export async function withdrawInvitation({ context, flags, who }: Named): Promise<void> {
  const session = createSession(context, flags);
  const api = openServerApi(session);
  const all = await invitations(api);
  const found = all.find(({ id, email }) => id === who || email === foldCase(who));
  if (found === undefined) throw notFound(who, { what: 'invitation', emails: all.map(({ email }) => email) });
  await revokeInvitation(api, found.id);
  const data = { id: found.id, name: found.email };
  await tellDone(session, { schema: 'custard.deleted/1', data, note: `The link sent to ${found.email} is void.` });
}

export async function setRole({ context, flags, who, role }: Named & { readonly role: Role }): Promise<void> {
  const session = createSession(context, flags);
  const api = openServerApi(session);
  const data = await changeRole(api, member(await members(api), who).user_id, role);
  await tellDone(session, { schema: 'custard.member/1', data, note: `${called(data)} is ${data.role} now.` });
}

/** Somebody else, or oneself: then it is leaving. */
export async function dismiss({ context, flags, who, yes }: Named & { readonly yes: boolean }): Promise<void> {
  const session = createSession(context, flags);
  const api = openServerApi(session);
  const found = member(await members(api), who);
  const { id, organization } = await profile(api);
  const isOneself = id === found.user_id;
  if (!yes) {
    const question = isOneself
      ? `Leave ${organization.name}? You come back by an invitation only.`
      : `Remove ${called(found)} from ${organization.name}? Their tokens for it end.`;
    await confirm(session, question, '--yes');
  }
  await removeMember(api, found.user_id);
  const data = { id: found.user_id, name: called(found) };
  const note = isOneself
    ? `You left ${organization.name}. Where you are now: custard org list`
    : `${called(found)} is not in ${organization.name} any more.`;
  await tellDone(session, { schema: 'custard.deleted/1', data, note });
}

function member(all: readonly MemberView[], who: string): MemberView {
  const found = all.find(({ user_id, email }) => user_id === who || email === foldCase(who));
  if (found !== undefined) return found;
  throw notFound(who, { what: 'member', emails: all.flatMap(({ email }) => email ?? []) });
}

/** As the server keeps addresses; one it would take otherwise can be named by its id. */
const foldCase = (email: string): string => email.trim().normalize('NFKC').toLowerCase();

function notFound(
  who: string,
  { what, emails }: { readonly what: 'member' | 'invitation'; readonly emails: readonly string[] },
): CustardError {
  const meant = closest(who, emails);
  const list = what === 'member' ? 'custard members list' : 'custard members list --invitations';
  return new CustardError('NOT_FOUND', `There is no ${what} "${who}".`, {
    hint: meant === null ? `See them all: ${list}` : `Did you mean ${meant}?`,
  });
}
