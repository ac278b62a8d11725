import { z } from 'zod';
import { Grade } from '../posture.ts';
import { Egress } from './egress.ts';
import type { Policy } from './policy.ts';

/** What the control plane is told of an agent's policy: what it needs to keep within it, and no pattern of it. */
export const PolicySummary = z.object({
  egress: Egress,
  /** Null where the policy says nothing; the agent's caps hold all the same. */
  max_rows: z.int().positive().nullable(),
  max_bytes: z.int().positive().nullable(),
  max_ms: z.int().positive().nullable(),
  /** Whether some tables or columns may not be read. */
  restricts_tables: z.boolean(),
  restricts_columns: z.boolean(),
  masks_columns: z.boolean(),
  required_posture: Grade.nullable(),
});
export type PolicySummary = z.infer<typeof PolicySummary>;

export function summarize(policy: Policy): PolicySummary {
  const { limits } = policy;
  return {
    egress: policy.egress,
    max_rows: limits.rows ?? null,
    max_bytes: limits.bytes ?? null,
    max_ms: limits.timeoutMs ?? null,
    restricts_tables: policy.allowedTables !== null || policy.deniedTables.length > 0,
    restricts_columns: policy.allowedColumns !== null || policy.deniedColumns.length > 0,
    masks_columns: policy.masks.length > 0,
    required_posture: policy.posture,
  };
}
