import type { QueryLimits } from '#core/protocol/messages.ts';

/** Limits are lowered and never raised: by the agent's caps, and those by its policy. */
export function lowerLimits(limits: QueryLimits, caps: Partial<QueryLimits>): QueryLimits {
  return {
    rows: Math.min(limits.rows, caps.rows ?? limits.rows),
    bytes: Math.min(limits.bytes, caps.bytes ?? limits.bytes),
    timeoutMs: Math.min(limits.timeoutMs, caps.timeoutMs ?? limits.timeoutMs),
  };
}
