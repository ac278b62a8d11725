import { PAGES } from '#core/protocol/pages.ts';
import { EMPTY_FORM, type FormState, form, problemSummary, submit } from '../form.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';

/** Opening the link does nothing yet: programs that check mails open links too. */
export function verifyEmailPage(token: string, state: FormState = EMPTY_FORM): Page {
  return {
    title: 'Confirm your address',
    failed: state.problems.length > 0,
    main: html`${problemSummary(state)}
<p>One click more: it shows that the mail reached you.</p>
${form({ action: PAGES.verifyEmail, hidden: { token }, fields: [], button: submit('Confirm this address') })}`,
  };
}
