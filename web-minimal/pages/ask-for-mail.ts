import { PAGES } from '#core/protocol/pages.ts';
import { EMPTY_FORM, type FormState, field, form, problemSummary, submit } from '../form.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';

const TEXTS = {
  forgotPassword: {
    title: 'Set a new password',
    lead: 'Write the e-mail address of your account. A mail with a link comes to it, and the link leads to a page where you set the new password.',
    button: 'Send the mail',
  },
  resendVerification: {
    title: 'Confirm your address',
    lead: 'Write the e-mail address that you signed up with. Another mail with a link comes to it; links of earlier mails may have ended.',
    button: 'Send another mail',
  },
} as const;

/** The two pages that ask for an address and send a mail to it. */
export function askForMailPage(which: keyof typeof TEXTS, state: FormState = EMPTY_FORM): Page {
  const { title, lead, button } = TEXTS[which];
  const email = field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email', state });
  return {
    title,
    failed: state.problems.length > 0,
    main: html`${problemSummary(state)}
<p>${lead}</p>
${form({ action: PAGES[which], fields: [email], button: submit(button) })}`,
  };
}
