import { randomBytes } from 'node:crypto';
import type { AppDependencies } from './app.ts';
import type { Database } from './db/database.ts';
import { ServerSecretRepository } from './db/server-secret-repository.ts';
import type { Config } from './env.ts';
import { AccessTokens } from './identity/access-token.ts';
import type { openAccounts } from './open-accounts.ts';

export interface StartedAccounts {
  readonly mount: NonNullable<AppDependencies['mountAccounts']>;
  readonly errorPages: NonNullable<AppDependencies['errorPages']>;
  /** Once the server listens. */
  start(): void;
  close(): Promise<void>;
}

/** Loaded only by a server that people log in to. */
export async function startAccounts(options: Parameters<typeof openAccounts>[0]): Promise<StartedAccounts> {
  const [{ openAccounts: open }, { mountAccounts }, { errorPages }, { loadAssets }] = await Promise.all([
    import('./open-accounts.ts'),
    import('./mount-accounts.ts'),
    import('./routes/pages/error-pages.ts'),
    import('#web-minimal/load-assets.ts'),
  ]);
  const assets = loadAssets();
  const accounts = await open(options);
  const { services, config } = options;
  const mount: StartedAccounts['mount'] = (router, authenticate) =>
    mountAccounts({ router, authenticate, accounts: accounts.services, services, config, assets });
  return {
    mount,
    errorPages: errorPages({ assets, publicUrl: options.publicUrl }),
    start: () => accounts.start(),
    close: () => accounts.close(),
  };
}

/** The secret is the operator's, or one that all replicas share; inside a command nobody has a session. */
export async function openAccessTokens(database: Database, config: Config, embedded: boolean): Promise<AccessTokens> {
  const random = (): string => randomBytes(32).toString('base64url');
  if (embedded) return new AccessTokens(random(), null);
  const secret = config.jwtSecret ?? (await new ServerSecretRepository(database).getOrCreate('jwt', random));
  return new AccessTokens(secret, config.jwtSecretPrevious);
}
