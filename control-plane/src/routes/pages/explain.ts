import { type ErrorCode, isCustardError } from '#core/errors.ts';
import { PAGES } from '#core/protocol/pages.ts';
import type { Problem } from '#web-minimal/form.ts';
import { html } from '#web-minimal/html.ts';

/** What people can put right where they are, on the form they sent; null for everything else. */
export function problemOf(error: unknown): Problem | null {
  if (!isCustardError(error)) return null;
  if (error.code === 'RATE_LIMITED') return { message: waitFor(error.details.retryAfterS) };
  if (error.code === 'PASSWORD_REFUSED') return { field: 'password', message: error.message };
  return PROBLEMS[error.code] ?? null;
}

const PROBLEMS: Readonly<Partial<Record<ErrorCode, Problem>>> = {
  CREDENTIALS_WRONG: { field: 'password', message: 'That password does not fit that e-mail address.' },
  NOT_FOUND: {
    field: 'user_code',
    message:
      'No device waits with that code. Compare it with what the device shows; after ten minutes begin again there.',
  },
  EMAIL_NOT_VERIFIED: {
    message: 'Your e-mail address is not confirmed yet: follow the link in the mail.',
    way: html`<a href="${PAGES.resendVerification}">Get another mail</a>`,
  },
};

export function waitFor(seconds: number | undefined): string {
  if (seconds === undefined) return 'Many people are here at this moment. Wait a little and try again.';
  const time = seconds < 90 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`;
  return `There were too many tries. Wait ${time} and try again.`;
}
