import type { OrganizationView } from '#core/protocol/accounts.ts';
import type { Membership } from '../../db/organization-repository.ts';

export function organizationView({ id, name, role, createdAt }: Membership): OrganizationView {
  return { id, name, role, created_at: createdAt };
}
