import type { AgentKeyView } from '#core/protocol/accounts.ts';
import type { AgentKey } from '../../db/agent-key-repository.ts';

export function agentKeyView({ id, beginning, createdAt, lastUsedAt, expiresAt }: AgentKey): AgentKeyView {
  return { id, beginning, created_at: createdAt, last_used_at: lastUsedAt, expires_at: expiresAt };
}
