import { refreshSession } from '../api/accounts.ts';
import { ApiClient } from '../api/api-client.ts';
import { type Credentials, fixedToken } from '../api/credentials.ts';
import { type SessionCredential, secretOf } from './credential.ts';
import type { CredentialStore } from './credential-store.ts';
import { sessionCredential } from './session-credential.ts';

interface StoredOptions {
  readonly store: CredentialStore;
  readonly url: URL;
  readonly signal: AbortSignal;
}

/** So that a token does not expire on its way. */
const MARGIN_MS = 30_000;

/** What `custard login` left; a session that has expired is refreshed, once for all processes that find out at the same time. */
export function storedCredentials({ store, url, signal }: StoredOptions): Credentials {
  return {
    async token() {
      const stored = await store.load(url);
      if (stored === null) return null;
      const { credential } = stored;
      return credential.kind === 'session' && isOver(credential)
        ? await refreshed(credential.access_token)
        : secretOf(credential);
    },
    renew: refreshed,
  };

  async function refreshed(refused: string): Promise<string | null> {
    const token = await store.exclusively(async () => {
      const stored = await store.load(url);
      if (stored?.credential.kind !== 'session') return null;
      const { credential, kept } = stored;
      // Another process was faster
      if (credential.access_token !== refused && !isOver(credential)) return credential.access_token;
      // Not to be cancelled: an answer that gets lost would leave a refresh token that was used
      const api = new ApiClient({ url, credentials: fixedToken(null), signal: new AbortController().signal });
      const next = sessionCredential(await refreshSession(api, credential.refresh_token));
      await store.replace(url, next, kept);
      return next.access_token;
    });
    signal.throwIfAborted();
    return token;
  }
}

const isOver = ({ access_expires_at: at }: SessionCredential): boolean => Date.parse(at) - MARGIN_MS <= Date.now();
