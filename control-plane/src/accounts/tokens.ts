import { CustardError } from '#core/errors.ts';
import type { Permission } from '#core/protocol/accounts.ts';
import type { Token } from '../db/token-repository.ts';
import { demand, isAtLeast, may } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { beginningOf, createSecretKey, hashSecretKey } from '../identity/secret-key.ts';
import { accessEnded } from './account-errors.ts';
import type { AccountServices } from './account-services.ts';

interface WantedToken {
  readonly name: string;
  readonly kind: 'personal' | 'ci';
  readonly scopes: readonly Permission[];
  readonly expiresInDays: number | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A token can do no more than who makes it. Its key is returned this once. */
export async function createToken(
  { tokens, log }: AccountServices,
  principal: Principal,
  { name, kind, scopes, expiresInDays }: WantedToken,
): Promise<{ readonly token: Token; readonly key: string }> {
  const { organizationId, userId } = principal;
  if (kind === 'ci' && !isAtLeast(principal.role, 'admin')) throw needsAdmin();
  const wanted = [...new Set(scopes)];
  for (const scope of wanted) demand(principal, scope);
  const beyond = kind === 'ci' ? wanted.find((scope) => !may({ role: 'member', scopes: null }, scope)) : undefined;
  if (beyond !== undefined) throw beyondCi(beyond);
  const key = createSecretKey();
  const expiresAt = expiresInDays === null ? null : new Date(Date.now() + expiresInDays * DAY_MS).toISOString();
  const stored = { hash: hashSecretKey(key), beginning: beginningOf(key) };
  const token = await tokens.create(organizationId, { name, kind, scopes: wanted, userId, expiresAt, key: stored });
  const event = { organizationId, actor: `user:${userId}`, action: 'token.created', subject: token.id };
  await log.record({ ...event, detail: { name, kind, scopes: wanted, expires_at: expiresAt } });
  return { token, key };
}

export async function revokeToken({ tokens, log }: AccountServices, principal: Principal, id: string): Promise<void> {
  const { organizationId, userId } = principal;
  const { name } = await tokens.revoke(organizationId, id, { userId: ownerOfListed(principal) });
  log.ended({ sessionId: id }, accessEnded('The token was revoked.'));
  const event = { organizationId, actor: `user:${userId}`, action: 'token.revoked', subject: id };
  await log.record({ ...event, detail: { name } });
}

/** Admins see to all tokens of the organization, everybody else to their own. */
export function ownerOfListed({ role, userId }: Principal): string | null {
  return isAtLeast(role, 'admin') ? null : userId;
}

function needsAdmin(): CustardError {
  return new CustardError('FORBIDDEN', 'A token for CI belongs to the organization: only an admin can make one.', {
    hint: 'Make a personal one: custard token create NAME',
  });
}

function beyondCi(scope: Permission): CustardError {
  return new CustardError(
    'INVALID_REQUEST',
    `"scopes": a token for CI has the role of a member, which has no "${scope}".`,
    {
      hint: 'Leave that scope out, or make a personal token.',
    },
  );
}
