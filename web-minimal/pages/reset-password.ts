import { PAGES } from '#core/protocol/pages.ts';
import { EMPTY_FORM, type FormState, form, passwordField, problemSummary, submit } from '../form.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';

export function resetPasswordPage(token: string, state: FormState = EMPTY_FORM): Page {
  return {
    title: 'Set a new password',
    failed: state.problems.length > 0,
    main: html`${problemSummary(state)}
<p>It takes the place of the old one, and ends every session of your account: log in anew afterwards, wherever you were.</p>
${form({
  action: PAGES.resetPassword,
  hidden: { token },
  fields: [passwordField({ label: 'New password', isNew: true, state })],
  button: submit('Set this password'),
})}`,
  };
}
