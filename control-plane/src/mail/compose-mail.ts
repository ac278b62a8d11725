import { PAGES, type PagePath, pagePath } from '#core/protocol/pages.ts';
import type { InvitationRepository } from '../db/invitation-repository.ts';
import { LINK_LIFETIME_MS, type LinkToken, type LinkTokenRepository } from '../db/link-token-repository.ts';
import type { QueuedMail } from '../db/mail-repository.ts';
import type { OrganizationRepository } from '../db/organization-repository.ts';
import type { Signup, SignupRepository } from '../db/signup-repository.ts';
import type { User, UserRepository } from '../db/user-repository.ts';
import type { MailTemplates } from './load-templates.ts';
import type { Message } from './message.ts';
import { renderMail } from './render-mail.ts';

export interface ComposeDependencies {
  readonly templates: MailTemplates;
  readonly users: UserRepository;
  readonly signups: SignupRepository;
  readonly invitations: InvitationRepository;
  readonly organizations: OrganizationRepository;
  readonly links: LinkTokenRepository;
  /** Of the pages, without a slash at its end. */
  readonly publicUrl: () => string;
}

const HOUR_MS = 60 * 60_000;

/**
 * The mail itself, when it is about to leave. Null when there is nobody to send it to: here, and not in the request,
 * is where known and unknown addresses part.
 */
export async function composeMail(
  deps: ComposeDependencies,
  { recipient: to, job }: QueuedMail,
): Promise<Message | null> {
  const { templates, users, signups } = deps;
  switch (job.template) {
    case 'signup':
      return await confirmSignup(deps, to, await signups.find(job.signupId));
    case 'verification':
      return await confirmSignup(deps, to, await signups.findByEmail(to));
    case 'email_change':
      return await confirmChange(deps, to, await users.find(job.userId));
    case 'email_changed': {
      const user = await users.findByEmail(job.email);
      if (user === null) return null;
      return renderMail(templates, 'email-changed', { to, values: { name: nameOf(user), email: job.email } });
    }
    case 'reset_password':
      return await resetPassword(deps, to, await users.findByEmail(to));
    case 'password_changed': {
      const user = await users.findByEmail(to);
      if (user === null) return null;
      const link = `${deps.publicUrl()}${PAGES.forgotPassword}`;
      return renderMail(templates, 'password-changed', { to, values: { name: nameOf(user), link } });
    }
    case 'invitation':
      return await invite(deps, to, job.invitationId);
    default:
      return job satisfies never;
  }
}

async function confirmSignup(deps: ComposeDependencies, to: string, signup: Signup | null): Promise<Message | null> {
  if (signup === null) return null;
  if ((await deps.users.findByEmail(to)) !== null) return alreadyRegistered(deps, to);
  const link = await makeLink(deps, PAGES.verifyEmail, { purpose: 'signup', subject: signup.id, email: to });
  const hours = String(LINK_LIFETIME_MS.signup / HOUR_MS);
  return renderMail(deps.templates, 'signup', { to, values: { name: nameOf({ ...signup, email: to }), link, hours } });
}

async function confirmChange(deps: ComposeDependencies, to: string, user: User | null): Promise<Message | null> {
  if (user === null || user.email === to) return null;
  if ((await deps.users.findByEmail(to)) !== null) return alreadyRegistered(deps, to);
  const link = await makeLink(deps, PAGES.verifyEmail, { purpose: 'email_change', subject: user.id, email: to });
  const hours = String(LINK_LIFETIME_MS.email_change / HOUR_MS);
  return renderMail(deps.templates, 'email-change', { to, values: { name: nameOf(user), link, hours } });
}

async function resetPassword(deps: ComposeDependencies, to: string, user: User | null): Promise<Message | null> {
  if (user === null) return null;
  const link = await makeLink(deps, PAGES.resetPassword, { purpose: 'reset_password', subject: user.id, email: to });
  const minutes = String(LINK_LIFETIME_MS.reset_password / 60_000);
  return renderMail(deps.templates, 'reset-password', { to, values: { name: nameOf(user), link, minutes } });
}

function alreadyRegistered({ templates, publicUrl }: ComposeDependencies, to: string): Message {
  return renderMail(templates, 'already-registered', { to, values: { link: `${publicUrl()}${PAGES.forgotPassword}` } });
}

async function invite(deps: ComposeDependencies, to: string, invitationId: string): Promise<Message | null> {
  const invitation = await deps.invitations.findOpen(invitationId);
  if (invitation === null) return null;
  const inviter = await deps.users.find(invitation.invitedBy);
  const { name: organization } = await deps.organizations.find(invitation.organizationId);
  const link = await makeLink(deps, PAGES.acceptInvitation, {
    purpose: 'invitation',
    subject: invitation.id,
    email: to,
  });
  const days = String(LINK_LIFETIME_MS.invitation / (24 * HOUR_MS));
  const values = {
    organization,
    inviter: inviter === null ? 'Somebody' : nameOf(inviter),
    role: invitation.role,
    link,
    days,
  };
  return renderMail(deps.templates, 'invitation', { to, values });
}

async function makeLink({ links, publicUrl }: ComposeDependencies, page: PagePath, token: LinkToken): Promise<string> {
  return publicUrl() + pagePath(page, { token: await links.create(token) });
}

function nameOf({ firstName, lastName, email }: Pick<User, 'firstName' | 'lastName' | 'email'>): string {
  const name = `${firstName} ${lastName}`.trim();
  return name === '' ? (email ?? 'the administrator') : name;
}
