import { type AppDependencies, createRouter } from '../app.ts';
import { mountAccounts } from '../mount-accounts.ts';

/** Stands for whatever a route is made with, as long as it is not asked. */
const anything: never = new Proxy(() => undefined, { get: () => anything, apply: () => anything }) as never;

/** `METHOD /path` of every route of a server that people log in to. */
export function allRoutes(): string[] {
  const deps: AppDependencies = { ...(anything as AppDependencies), services: anything, mountAccounts: mountAll };
  return createRouter(deps).stack.flatMap(({ methods, path }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path)}`),
  );
}

const mountAll: AppDependencies['mountAccounts'] = (router, authenticate) =>
  mountAccounts({ router, authenticate, accounts: anything, services: anything, config: anything, assets: anything });
