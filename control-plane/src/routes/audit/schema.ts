import { z } from 'zod';
import type { AuditEntry } from '#core/protocol/accounts.ts';
import type { AuditRow } from '../../history/audit-log.ts';

const MAX_PAGE = 500;

/** Numbers in a query string. */
const number = z
  .string()
  .regex(/^\d{1,9}$/, 'a whole number')
  .transform(Number);

export const AuditQuery = z.strictObject({
  /** Entries before that sequence number. */
  before: number.optional(),
  limit: number.pipe(z.int().min(1).max(MAX_PAGE, `at most ${MAX_PAGE}`)).default(50),
});

export function auditEntry(row: AuditRow): AuditEntry {
  const { sequence, created_at: at, actor, action, subject, detail, hash } = row;
  return { sequence, at, actor, action, subject, detail: AuditDetail.parse(JSON.parse(detail)), hash };
}

const AuditDetail = z.record(z.string(), z.json());
