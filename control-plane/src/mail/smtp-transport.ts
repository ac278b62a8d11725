import { isLoopback } from '../loopback.ts';
import { MailRefused, type MailTransport } from './message.ts';

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

interface SmtpOptions {
  /** smtp://user:password@host:587 or smtps://… */
  readonly url: string;
  readonly from: string;
}

/** A user name and password never go to another machine without TLS. */
export async function smtpTransport({ url, from }: SmtpOptions): Promise<MailTransport> {
  const { createTransport } = await import('nodemailer');
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    ...{ host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (secure ? 465 : 587) : Number(port), secure },
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    requireTLS: !secure && username !== '' && !isLoopback(hostname),
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    ...{ pool: true, maxConnections: 2, disableFileAccess: true, disableUrlAccess: true },
  });
  return {
    name: 'smtp',
    async send({ to, subject, text, html }) {
      try {
        await transport.sendMail({ from, to, subject, text, html });
      } catch (error) {
        if (isPermanent(error)) throw new MailRefused('the server refused the mail', { cause: error });
        throw error;
      }
    },
    async close() {
      transport.close();
    },
  };
}

/** 5xx answers to the recipient or the mail itself; a wrong password or sender is the operator's to put right. */
function isPermanent(error: unknown): boolean {
  if (!(error instanceof Error && 'responseCode' in error && 'command' in error)) return false;
  const { responseCode, command } = error;
  return typeof responseCode === 'number' && responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
}
