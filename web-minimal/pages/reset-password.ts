import { PAGES } from '#core/protocol/pages.ts';
import { EMPTY_FORM, type FormState, form, passwordField, problemSummary, submit, userName } from '../form.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';

interface Reset {
  readonly token: string;
  /** Of the account. */
  readonly email: string;
}

export function resetPasswordPage({ token, email }: Reset, state: FormState = EMPTY_FORM): Page {
  return {
    title: 'Set a new password',
    failed: state.problems.length > 0,
    main: html`${problemSummary(state)}
<p>Your account: <strong class="address">${email}</strong></p>
<p>The new password takes the place of the old one, and ends every session of your account: log in anew afterwards, wherever you were.</p>
${form({
  action: PAGES.resetPassword,
  hidden: { token },
  fields: [userName(email), passwordField({ label: 'New password', isNew: true, state })],
  button: submit('Set this password'),
})}`,
  };
}
