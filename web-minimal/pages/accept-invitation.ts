import type { Role } from '#core/protocol/accounts.ts';
import { PAGES } from '#core/protocol/pages.ts';
import { EMPTY_FORM, type FormState, field, form, passwordField, problemSummary, submit, userName } from '../form.ts';
import { type Html, html } from '../html.ts';
import type { Page } from '../page.ts';

interface Offer {
  readonly token: string;
  readonly organization: string;
  readonly email: string;
  readonly role: Role;
  readonly hasAccount: boolean;
}

const MAY: Readonly<Record<Role, string>> = {
  viewer: 'see its connections and schemas',
  member: 'ask its databases questions',
  admin: 'ask its databases questions, and look after its connections and members',
  owner: 'do everything in it',
};

export function acceptInvitationPage(offer: Offer, state: FormState = EMPTY_FORM): Page {
  const { token, organization, email, role, hasAccount } = offer;
  return {
    title: `Join ${organization}`,
    failed: state.problems.length > 0,
    main: html`${problemSummary(state)}
<p>You are invited to this organization as <strong>${role}</strong>: you may ${MAY[role]}.</p>
<p>${hasAccount ? 'Your account:' : 'Your new account:'} <strong class="address">${email}</strong></p>
${form({
  action: PAGES.acceptInvitation,
  hidden: { token },
  fields: [
    userName(email),
    ...(hasAccount ? [passwordField({ label: 'Your password', isNew: false, state })] : newAccount(state)),
  ],
  button: submit('Join'),
})}
${hasAccount && html`<p class="aside"><a href="${PAGES.forgotPassword}">Set a new password</a> if you do not know it any more; then open the link in the invitation again.</p>`}`,
  };
}

function newAccount(state: FormState): Html[] {
  return [
    field({ name: 'first_name', label: 'First name (optional)', autocomplete: 'given-name', state }),
    field({ name: 'last_name', label: 'Last name (optional)', autocomplete: 'family-name', state }),
    passwordField({ label: 'Choose a password', isNew: true, state }),
  ];
}
