import { hostname } from 'node:os';
import { ApiClient } from '../../api/api-client.ts';
import { fixedToken } from '../../api/credentials.ts';
import type { HostedTarget } from '../../config/settings.ts';
import { CredentialStore } from '../../credentials/credential-store.ts';
import { requireServer } from '../open-api.ts';
import type { Session } from '../session.ts';

/** What commands about the log-in itself work with. */
export interface AccountSession extends Session {
  readonly server: HostedTarget;
  readonly store: CredentialStore;
  /** Without anybody's token. */
  readonly anonymous: ApiClient;
}

export function accountSession(session: Session): AccountSession {
  const server = requireServer(session.settings);
  const { env, interruption } = session.context;
  const { signal } = interruption;
  if (!isPrivate(server.url)) {
    session.narrator.warn(`${server.url.origin} is asked over plain http: passwords and tokens travel in clear.`);
  }
  return {
    ...{ ...session, server },
    store: new CredentialStore({ env, signal }),
    anonymous: new ApiClient({ url: server.url, credentials: fixedToken(null), signal }),
  };
}

/** For the list of sessions, and for the page that lets this device in. */
export function clientName(): string {
  const host = hostname().replace(/[\p{C}\s]+/gu, '-');
  return `custard on ${host === '' ? 'a computer without a name' : host}`.slice(0, 200);
}

const isPrivate = (url: URL): boolean =>
  url.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
