import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { CustardError } from '#core/errors.ts';
import type { Database } from '../../db/database.ts';
import { bypassesRowSecurity } from '../../db/row-security.ts';
import type { Config } from '../../env.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { DEFAULT_ORGANIZATION } from '../../identity/bootstrap.ts';
import { requires } from '../../middlewares/authenticate.ts';
import { type Judgement, judgeConfig } from '../../production-rules.ts';

/** GET /production-readiness: each setting judged, for who runs the server. */
export function mountReadiness(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  { config, database }: { readonly config: Config; readonly database: Database },
): void {
  router.get('/production-readiness', authenticate, requires('audit:read'), async (ctx) => {
    // Everybody who signs up owns an organization; the first one is of who started the server.
    if (ctx.state.principal.organizationId !== DEFAULT_ORGANIZATION) throw notTheOperator();
    const judgements = [...judgeConfig(config), ...(await judgeRole(database))];
    ctx.body = { ready: judgements.every(({ verdict }) => verdict !== 'fail'), settings: judgements };
  });
}

async function judgeRole(database: Database): Promise<Judgement[]> {
  if (database.engine === 'sqlite') return [];
  const bypasses = await bypassesRowSecurity(database);
  const message = bypasses
    ? 'its role is a superuser or has BYPASSRLS: row-level security does not hold it; use a role without'
    : 'its role is held by row-level security';
  return [{ setting: 'DATABASE_URL', verdict: bypasses ? 'warn' : 'ok', message }];
}

function notTheOperator(): CustardError {
  return new CustardError('FORBIDDEN', 'That is for who runs this server.', {
    hint: 'Use the token the server printed when it first started.',
  });
}
