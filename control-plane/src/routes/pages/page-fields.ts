import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { AcceptInvitation, LinkRequest, LoginRequest, ResetPasswordRequest } from '#core/protocol/accounts.ts';
import type { Problem } from '#web-minimal/form.ts';
import { linkInvalid } from '../../accounts/account-errors.ts';
import { normalizeEmail } from '../../identity/email-address.ts';
import type { PageContext } from './send-page.ts';

const email = z.string().refine((typed) => normalizeEmail(typed) !== null);
const userCode = z.string().max(40);
const formToken = z.string().regex(/^[\w-]{43}$/);

/** What each form sends; the API's own shapes where there are. */
export const FORMS = {
  link: LinkRequest,
  email: z.strictObject({ email }),
  resetPassword: ResetPasswordRequest,
  acceptInvitation: AcceptInvitation.omit({ client: true }),
  logIn: LoginRequest.omit({ client: true }).extend({ email, user_code: userCode.optional() }),
  decide: z.strictObject({ user_code: userCode, form_token: formToken, decision: z.enum(['approve', 'deny']) }),
  logOut: z.strictObject({ form_token: formToken }),
} as const;

/** In plain words, for what people fill in themselves. */
const FIELDS: Readonly<Record<string, (issue: z.core.$ZodIssue) => string>> = {
  email: () => 'Write an e-mail address, such as name@example.com.',
  password: ({ code }) => (code === 'too_small' ? 'Write a password.' : 'The password is too long or is no text.'),
  first_name: ({ message }) => `First name: ${message}.`,
  last_name: ({ message }) => `Last name: ${message}.`,
};

/** What is wrong with what people wrote; throws for what they did not write themselves. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '');
    if (name === 'token') throw linkInvalid();
    const say = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (say === undefined || issue.code === 'invalid_type') throw notOurForm();
    return { field: name, message: say(issue) };
  });
}

function notOurForm(): CustardError {
  return new CustardError('INVALID_REQUEST', 'A field of the form is missing, or is none that belongs there.', {
    hint: 'Open the page again and send its form.',
  });
}

const LINK_TOKEN = /^[\w-]{43}$/;

/** The token of a mailed link; null when it is not whole. INVALID_REQUEST when there are two. */
export function linkToken(ctx: PageContext): string | null {
  const token = onlyParameter(ctx, 'token');
  return token !== null && LINK_TOKEN.test(token) ? token : null;
}

/** As it was typed, to be shown again; longer than any code is left out. */
export function typedUserCode(ctx: PageContext): string {
  return onlyParameter(ctx, 'user_code')?.slice(0, 40) ?? '';
}

function onlyParameter(ctx: PageContext, name: string): string | null {
  const [value, ...others] = new URLSearchParams(ctx.querystring).getAll(name);
  if (others.length === 0) return value ?? null;
  throw new CustardError('INVALID_REQUEST', `"${name}" stands in the address twice.`, {
    hint: 'Open the link as it was sent.',
  });
}
