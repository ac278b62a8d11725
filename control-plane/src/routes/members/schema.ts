import type { MemberView } from '#core/protocol/accounts.ts';
import type { Member } from '../../db/member-repository.ts';

export function memberView({ userId, email, firstName, lastName, role, joinedAt }: Member): MemberView {
  return { user_id: userId, email, first_name: firstName, last_name: lastName, role, joined_at: joinedAt };
}
