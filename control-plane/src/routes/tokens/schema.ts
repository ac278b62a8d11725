import type { TokenView } from '#core/protocol/accounts.ts';
import type { Token } from '../../db/token-repository.ts';

export function tokenView(token: Token): TokenView {
  const { id, name, kind, beginning, scopes, userId, createdAt, expiresAt, lastUsedAt } = token;
  return {
    ...{ id, name, kind, beginning, scopes: scopes === null ? null : [...scopes], created_by: userId },
    ...{ created_at: createdAt, expires_at: expiresAt, last_used_at: lastUsedAt },
  };
}
