import type { InvitationView } from '#core/protocol/accounts.ts';
import type { Invitation } from '../../db/invitation-repository.ts';

export function invitationView({ id, email, role, invitedBy, createdAt, expiresAt }: Invitation): InvitationView {
  return { id, email, role, invited_by: invitedBy, created_at: createdAt, expires_at: expiresAt };
}
