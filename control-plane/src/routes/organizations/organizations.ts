import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { OrganizationName } from '#core/protocol/accounts.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { createOrganization, renameOrganization, useOrganization } from '../../accounts/organizations.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { requires, requiresSession } from '../../middlewares/authenticate.ts';
import { readJson } from '../../middlewares/read-json.ts';
import { organizationView } from './schema.ts';

const PATH = '/api/v1/organizations';

/** Those a person is in. A session acts in one of them at a time; a token belongs to one. */
export function mountOrganizations(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  accounts: AccountServices,
): void {
  router.get(PATH, authenticate, requiresSession, async (ctx) => {
    const { userId, organizationId } = ctx.state.principal;
    const organizations = await accounts.organizations.listOf(userId);
    ctx.body = { organizations: organizations.map(organizationView), current: organizationId };
  });

  router.post(PATH, authenticate, requiresSession, async (ctx) => {
    const { name } = await readJson(ctx.req, OrganizationName);
    const created = await createOrganization(accounts, ctx.state.principal, name);
    ctx.status = 201;
    ctx.body = organizationView(created);
  });

  router.get(`${PATH}/:id`, authenticate, requiresSession, async (ctx) => {
    ctx.body = organizationView(await accounts.organizations.get(ctx.state.principal.userId, ctx.params['id'] ?? ''));
  });

  router.put(`${PATH}/:id`, authenticate, requires('organization:write'), async (ctx) => {
    const { name } = await readJson(ctx.req, OrganizationName);
    ctx.body = organizationView(
      await renameOrganization(accounts, ctx.state.principal, { id: ctx.params['id'] ?? '', name }),
    );
  });

  router.post(`${PATH}/:id/use`, authenticate, requiresSession, async (ctx) => {
    ctx.body = await useOrganization(accounts, ctx.state.principal, ctx.params['id'] ?? '');
  });
}
