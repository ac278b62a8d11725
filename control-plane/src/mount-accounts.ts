import type Router from '@koa/router';
import type { Middleware } from 'koa';
import type { Assets } from '#web-minimal/load-assets.ts';
import type { AccountServices } from './accounts/account-services.ts';
import type { Config } from './env.ts';
import type { AuthenticatedState } from './http-context.ts';
import { mountAgentKeys } from './routes/agent-keys/agent-keys.ts';
import { mountAudit } from './routes/audit/audit.ts';
import { mountAuth } from './routes/auth/auth.ts';
import { mountDevice } from './routes/device/device.ts';
import { mountInvitations } from './routes/invitations/invitations.ts';
import { mountMembers } from './routes/members/members.ts';
import { mountOrganizations } from './routes/organizations/organizations.ts';
import { mountPages } from './routes/pages/pages.ts';
import { mountProfile } from './routes/profile/profile.ts';
import { mountReadiness } from './routes/readiness/readiness.ts';
import { mountTokens } from './routes/tokens/tokens.ts';
import type { Services } from './services.ts';

interface AccountRoutes {
  readonly router: Router<AuthenticatedState>;
  readonly authenticate: Middleware<AuthenticatedState>;
  readonly accounts: AccountServices;
  readonly services: Services;
  readonly config: Config;
  readonly assets: Assets;
}

/** The routes of accounts, organizations and keys. */
export function mountAccounts({ router, authenticate, accounts, services, config, assets }: AccountRoutes): void {
  const { connections, agentKeys, authenticator } = services;
  const { audit, gateway } = services.services;
  mountAuth(router, { accounts, authenticator });
  mountProfile(router, authenticate, accounts);
  mountDevice(router, authenticate, accounts);
  mountTokens(router, authenticate, accounts);
  mountOrganizations(router, authenticate, accounts);
  mountMembers(router, authenticate, accounts);
  mountInvitations(router, authenticate, accounts);
  mountAgentKeys(router, authenticate, { connections, agentKeys, gateway, audit });
  mountAudit(router, authenticate, audit);
  mountReadiness(router, authenticate, { config, database: accounts.database });
  mountPages(router, { accounts, assets });
}
