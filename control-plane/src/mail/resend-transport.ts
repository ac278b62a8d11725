import { MailRefused, type MailTransport } from './message.ts';

interface ResendOptions {
  readonly apiKey: string;
  readonly from: string;
  /** Null is Resend's own. */
  readonly baseUrl: string | null;
}

/** Of Resend's error names, those that say the mail itself is wrong. */
const REFUSED = new Set(['validation_error', 'invalid_parameter', 'invalid_attachment']);

export async function resendTransport({ apiKey, from, baseUrl }: ResendOptions): Promise<MailTransport> {
  const { Resend } = await import('resend');
  const resend = new Resend(apiKey, baseUrl === null ? {} : { baseUrl });
  return {
    name: 'resend',
    async send({ to, subject, text, html }, { key }) {
      const { error } = await resend.emails.send({ from, to, subject, text, html }, { idempotencyKey: key });
      if (error === null) return;
      if (REFUSED.has(error.name)) throw new MailRefused(error.name);
      throw Object.assign(new Error('Resend did not take the mail'), { code: error.name });
    },
    close: () => Promise.resolve(),
  };
}
