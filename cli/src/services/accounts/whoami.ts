import type { ProfileView } from '#core/protocol/accounts.ts';
import { profile, sessions, tokens } from '../../api/accounts.ts';
import type { ApiClient } from '../../api/api-client.ts';
import type { Kept } from '../../credentials/credential-store.ts';
import { envelope } from '../../output/envelope.ts';
import { type ListColumn, printList } from '../../output/print-list.ts';
import type { RunContext } from '../../run-context.ts';
import { openServerApi } from '../open-api.ts';
import { createSession, type SessionFlags } from '../session.ts';
import { type AccountSession, accountSession } from './account-session.ts';

interface WhoAmI extends ProfileView {
  readonly server: string;
  /** Where the token is from. */
  readonly kept: Kept | 'environment' | 'configuration';
  readonly path: string | null;
  /** Of the session or the token; null where it is not known or never. */
  readonly expires_at: string | null;
}

const COLUMNS: readonly ListColumn<WhoAmI>[] = [
  { name: 'who', value: ({ email }) => email ?? 'the owner the first token belongs to' },
  { name: 'name', value: ({ first_name, last_name }) => `${first_name} ${last_name}`.trim() || null },
  { name: 'organization', value: ({ organization }) => organization.name },
  { name: 'role', value: ({ organization }) => organization.role },
  { name: 'may', value: ({ permissions }) => permissions.join(' ') },
  { name: 'server', value: ({ server }) => server },
  { name: 'logged in by', value: ({ authenticated_by: by }) => by },
  { name: 'kept in', value: ({ kept, path }) => (kept === 'file' ? path : KEPT[kept]) },
  { name: 'good until', value: ({ expires_at }) => expires_at },
];

const KEPT: Readonly<Record<Exclude<WhoAmI['kept'], 'file'>, string>> = {
  keyring: 'the keyring of this system',
  environment: 'CUSTARD_TOKEN',
  configuration: 'the configuration file',
};

export async function whoami({ context, flags }: { readonly context: RunContext; readonly flags: SessionFlags }) {
  const session = accountSession(createSession(context, flags));
  const { format, sink, style, narrator } = session;
  const api = openServerApi(session);
  const found = await profile(api);
  const origin = await originOf(session);
  const data: WhoAmI = {
    ...found,
    server: session.server.url.origin,
    ...{ kept: origin.kept, path: origin.kept === 'file' ? session.store.path : null },
    expires_at: await expiry(api, found, origin.token),
  };
  if (format === 'json') return await sink.write(envelope({ schema: 'custard.whoami/1', data }));
  const shown = { items: [data], columns: COLUMNS, schema: 'custard.whoami/1', sink, style };
  for (const text of await printList({ ...shown, format: flags.format ?? 'vertical' })) narrator.warn(text);
}

interface Origin {
  readonly kept: WhoAmI['kept'];
  /** Null for a session. */
  readonly token: string | null;
}

async function originOf({ server, store, context }: AccountSession): Promise<Origin> {
  if (server.token !== null) {
    return { kept: context.env['CUSTARD_TOKEN'] ? 'environment' : 'configuration', token: server.token };
  }
  const stored = await store.load(server.url);
  const token = stored?.credential.kind === 'token' ? stored.credential.token : null;
  return { kept: stored?.kept ?? 'file', token };
}

/** A token's own end is told to those who may see tokens. */
async function expiry(api: ApiClient, found: ProfileView, token: string | null): Promise<string | null> {
  if (found.authenticated_by === 'session') {
    return (await sessions(api)).find(({ current }) => current)?.expires_at ?? null;
  }
  if (token === null || !found.permissions.includes('tokens:write')) return null;
  const [own, ...others] = (await tokens(api)).filter(({ beginning }) => token.startsWith(beginning));
  return own === undefined || others.length > 0 ? null : own.expires_at;
}
