import { PAGES } from '#core/protocol/pages.ts';
import { type Html, html } from '../html.ts';
import type { Page } from '../page.ts';

interface PlainProblem {
  readonly title: string;
  readonly message: string;
  /** Where to go on. */
  readonly way?: Html;
  /** To find it in the server's log. */
  readonly requestId?: string;
}

/** What cannot be put right on a form. */
export function problemPage({ title, message, way, requestId }: PlainProblem): Page {
  return {
    title,
    failed: true,
    main: html`<p>${message}</p>
${way ?? html`<p><a href="${PAGES.start}">Go to the start page</a></p>`}
${requestId !== undefined && html`<p class="aside">Whoever runs this server finds more in its log, under <code>${requestId}</code>.</p>`}`,
  };
}

/** A link that was used, is too old, was cut off or never was one. */
export function linkPage(which: 'verifyEmail' | 'resetPassword' | 'acceptInvitation', isMissing: boolean): Page {
  const message = isMissing
    ? 'Its end is missing. Open it from the mail itself, or copy the whole of it.'
    : 'It was used already, a newer one took its place, or it is too old.';
  const title = isMissing ? 'That link is not whole' : 'That link is not good any more';
  return problemPage({ title, message, way: WAYS[which] });
}

const WAYS = {
  verifyEmail: html`<p>If you confirmed your address before, there is nothing left to do: log in with <code>custard login</code>. If not, <a href="${PAGES.resendVerification}">get another mail</a>.</p>`,
  resetPassword: html`<p><a href="${PAGES.forgotPassword}">Get another mail</a></p>`,
  acceptInvitation: html`<p>If you accepted the invitation before, log in with <code>custard login</code>. If not, ask whoever invited you for another one.</p>`,
} as const;
