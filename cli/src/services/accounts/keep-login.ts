import { logOut } from '../../api/accounts.ts';
import { userConfigPath } from '../../config/config-file.ts';
import { writeApiUrl } from '../../config/write-config.ts';
import type { Credential } from '../../credentials/credential.ts';
import { envelope } from '../../output/envelope.ts';
import type { AccountSession } from './account-session.ts';

interface LoggedIn {
  readonly credential: Credential;
  readonly email: string | null;
  readonly organization: { readonly id: string; readonly name: string; readonly role: string };
}

/** Keeps a log-in and the server's address, and tells it. */
export async function keepLogin(session: AccountSession, { credential, email, organization }: LoggedIn): Promise<void> {
  const { context, server, store, anonymous, narrator, format, sink } = session;
  const before = await store.load(server.url);
  const kept = await store.save(server.url, credential);
  if (before?.credential.kind === 'session') {
    // Nobody could end it from here any more; a server that cannot be told ends it by itself in the end
    await logOut(anonymous, before.credential.refresh_token, false).catch(() => undefined);
  }
  rememberServer(session);
  if (kept === 'file') {
    narrator.warn(`No keyring here: the log-in is kept in ${store.path}, which only you may open.`);
  }
  if (context.env['CUSTARD_TOKEN']) {
    narrator.warn('CUSTARD_TOKEN is set and stands above this log-in. To use the log-in: unset CUSTARD_TOKEN');
  }
  if (format === 'json') {
    const data = { server: server.url.origin, email, organization, kept };
    await sink.write(envelope({ schema: 'custard.login/1', data }));
    return;
  }
  const who = email === null ? 'with a token' : `as ${email}`;
  narrator.note(`Logged in to ${server.url.host} ${who}: ${organization.name} (${organization.role}).`);
}

/** So that the next command needs no --api-url; a file that already names a server is changed by --api-url only. */
function rememberServer({ context, flags, server, settings }: AccountSession): void {
  const path = userConfigPath(context.env);
  const own = settings.layers.find(({ source }) => source === path)?.values.api_url;
  if (own === undefined || flags['api-url'] !== undefined) writeApiUrl(path, server.url);
}
