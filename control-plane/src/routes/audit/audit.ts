import type Router from '@koa/router';
import type { Middleware } from 'koa';
import type { AuditPage } from '#core/protocol/accounts.ts';
import type { AuditLog } from '../../history/audit-log.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { requires } from '../../middlewares/authenticate.ts';
import { readQuery } from '../../middlewares/read-query.ts';
import { AuditQuery, auditEntry } from './schema.ts';

const PATH = '/api/v1/audit';

export function mountAudit(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  audit: AuditLog,
): void {
  router.get(PATH, authenticate, requires('audit:read'), async (ctx) => {
    const { before, limit } = readQuery(ctx.URL, AuditQuery);
    const rows = await audit.list(ctx.state.principal.organizationId, { before: before ?? null, limit });
    const last = rows.at(-1)?.sequence ?? 1;
    ctx.body = {
      entries: rows.map(auditEntry),
      next: rows.length < limit || last === 1 ? null : last,
    } satisfies AuditPage;
  });

  router.get(`${PATH}/verify`, authenticate, requires('audit:read'), async (ctx) => {
    const { entries, brokenAt, head } = await audit.verify(ctx.state.principal.organizationId);
    ctx.body = { ok: brokenAt === null, entries, broken_at: brokenAt, head };
  });
}
