import { type Credentials, fixedToken } from '../api/credentials.ts';
import type { HostedTarget } from '../config/settings.ts';
import type { RunContext } from '../run-context.ts';

/** A token of the settings stands above what `custard login` left, which is looked for only when it is needed. */
export function credentialsOf({ url, token }: HostedTarget, context: RunContext): Credentials {
  if (token !== null) return fixedToken(token);
  const stored = async (): Promise<Credentials> => {
    const { CredentialStore } = await import('./credential-store.ts');
    const { storedCredentials } = await import('./stored-credentials.ts');
    const { signal } = context.interruption;
    return storedCredentials({ store: new CredentialStore({ env: context.env, signal }), url, signal });
  };
  return {
    token: async () => await (await stored()).token(),
    renew: async (refused) => await (await stored()).renew(refused),
  };
}
