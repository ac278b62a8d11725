/** A mail as it leaves. */
export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A way for mails to leave. */
export interface MailTransport {
  /** smtp, resend or folder; for the log and /production-readiness. */
  readonly name: string;
  /** Throws MailRefused when trying again is of no use, anything else when it may be. `key`: of this try alone. */
  send(message: Message, options: { readonly key: string }): Promise<void>;
  close(): Promise<void>;
}

/** The other side will not take this mail, now or later. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}
