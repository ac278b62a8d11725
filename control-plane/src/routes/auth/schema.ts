import type { MailQueued, SessionView } from '#core/protocol/accounts.ts';
import type { Session } from '../../db/session-repository.ts';

/** One text for an address that has an account and for one that has not. */
export const SIGNUP_QUEUED: MailQueued = {
  status: 'mail_queued',
  message: 'A mail is on its way to that address. Follow its link, then log in.',
};
export const VERIFICATION_QUEUED: MailQueued = {
  status: 'mail_queued',
  message: 'If that address waits to be verified, a mail is on its way to it.',
};
export const RESET_QUEUED: MailQueued = {
  status: 'mail_queued',
  message: 'If that address has an account, a mail with a link for a new password is on its way to it.',
};

export const UNNAMED_CLIENT = 'unknown';

export function sessionView({ id, client, createdAt, rotatedAt, expiresAt }: Session, currentId: string): SessionView {
  return {
    ...{ id, client, created_at: createdAt, last_used_at: rotatedAt, expires_at: expiresAt },
    current: id === currentId,
  };
}
