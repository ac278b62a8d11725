import { PAGES } from '#core/protocol/pages.ts';
import { type Html, html } from '../html.ts';
import type { Page } from '../page.ts';

const logIn: Html = html`<p>Go on in the terminal:</p>
<pre><code>custard login</code></pre>`;
const mailComes = (
  what: string,
): Html => html`<p>${what} It should be there within a few minutes; look among unwanted mail too.</p>
<p>This page says the same for every address, so that nobody learns from it who has an account.</p>`;

interface Done {
  readonly title: string;
  readonly text: Html;
}

/** What each form ends at. Being opened they do nothing, so they may be opened again. */
const DONE = {
  'email-verified': {
    title: 'Your account is ready',
    text: html`<p>Your e-mail address is confirmed.</p>${logIn}`,
  },
  'email-changed': {
    title: 'Your new e-mail address is confirmed',
    text: html`<p>Your account uses it from now on: log in with it the next time.</p>`,
  },
  'verification-sent': {
    title: 'A mail is on its way',
    text: mailComes('If that address waits to be confirmed, a mail with a link comes to it.'),
  },
  'reset-sent': {
    title: 'A mail is on its way',
    text: mailComes('If that address has an account, a mail with a link comes to it; the link is good for 30 minutes.'),
  },
  'password-set': {
    title: 'Your new password is set',
    text: html`<p>All sessions of your account have ended.</p>${logIn}`,
  },
  joined: { title: 'You are in', text: html`<p>You are a member of the organization now.</p>${logIn}` },
  'device-approved': {
    title: 'The device is let in',
    text: html`<p>It goes on by itself within a few seconds. You can close this page.</p>`,
  },
  'device-denied': {
    title: 'The device was turned away',
    text: html`<p>It cannot use your account. If you did not start it yourself, somebody else asked for it: nothing more is to be done.</p>`,
  },
  'logged-out': {
    title: 'You are logged out here',
    text: html`<p>Sessions in your terminals go on. <a href="${PAGES.device}">Log in again</a></p>`,
  },
} as const satisfies Record<string, Done>;

export type DoneName = keyof typeof DONE;

/** Null when nothing ends there. */
export function donePage(name: string): Page | null {
  if (!Object.hasOwn(DONE, name)) return null;
  const { title, text } = DONE[name as DoneName];
  return { title, main: html`<div class="done">${text}</div>` };
}
