import { CustardError } from '#core/errors.ts';
import type { Permission, Role } from '#core/protocol/accounts.ts';
import type { Principal } from './principal.ts';

export type { Permission, Role };

const RANKS: Readonly<Record<Role, number>> = { viewer: 0, member: 1, admin: 2, owner: 3 };

/** What may be done, and from which role on. A token's scopes are names of these. */
const NEEDS: Readonly<Record<Permission, Role>> = {
  'connections:read': 'viewer',
  'members:read': 'viewer',
  'tokens:write': 'viewer',
  query: 'member',
  'connections:write': 'admin',
  'members:write': 'admin',
  'audit:read': 'admin',
  'organization:write': 'owner',
};

export function isAtLeast(role: Role, other: Role): boolean {
  return RANKS[role] >= RANKS[other];
}

export function may({ role, scopes }: Pick<Principal, 'role' | 'scopes'>, permission: Permission): boolean {
  return isAtLeast(role, NEEDS[permission]) && (scopes === null || scopes.includes(permission));
}

/** FORBIDDEN with what is missing: the role, or the token's scope. */
export function demand(principal: Principal, permission: Permission): void {
  if (may(principal, permission)) return;
  if (isAtLeast(principal.role, NEEDS[permission])) {
    throw new CustardError('FORBIDDEN', `This token has no scope "${permission}".`, {
      hint: `Use a token with that scope: custard token create NAME --scope ${permission}`,
    });
  }
  throw new CustardError('FORBIDDEN', `As ${principal.role} of the organization you may not do that.`, {
    hint: `It takes the role ${NEEDS[permission]}: an owner or admin can give it to you.`,
  });
}

/** The account itself is its person's: a token, which a program holds, may not change it. */
export function demandSession({ kind }: Principal): void {
  if (kind === 'session') return;
  throw new CustardError('FORBIDDEN', 'That takes a person who is logged in, not a token.', {
    hint: 'Log in: custard login',
  });
}
