import { closest } from '#core/closest.ts';
import { CustardError } from '#core/errors.ts';
import type { OrganizationView } from '#core/protocol/accounts.ts';
import {
  createOrganization as create,
  organizations,
  profile,
  renameOrganization as rename,
  useOrganization as use,
} from '../api/accounts.ts';
import type { ApiClient } from '../api/api-client.ts';
import { inSeconds } from '../credentials/session-credential.ts';
import type { ListColumn } from '../output/print-list.ts';
import type { RunContext } from '../run-context.ts';
import { accountSession } from './accounts/account-session.ts';
import { openServerApi } from './open-api.ts';
import { createSession, type SessionFlags } from './session.ts';
import { tellDone, tellList } from './tell.ts';

interface Options {
  readonly context: RunContext;
  readonly flags: SessionFlags;
}
type Named = Options & { readonly name: string };
type Listed = OrganizationView & { readonly current: boolean };

const COLUMNS: readonly ListColumn<Listed>[] = [
  { name: 'in use', value: ({ current }) => (current ? '*' : '') },
  { name: 'name', value: ({ name }) => name },
  { name: 'role', value: ({ role }) => role },
  { name: 'since', value: ({ created_at }) => created_at },
  { name: 'id', value: ({ id }) => id },
];
const SCHEMA = 'custard.organization/1';

export async function listOrganizations({ context, flags }: Options): Promise<void> {
  const session = createSession(context, flags);
  await tellList(session, {
    schema: 'custard.organizations/1',
    items: await listed(openServerApi(session)),
    columns: COLUMNS,
  });
}

/** The one in use without a name. A token, which may not see organizations, can see its own. */
export async function showOrganization({ context, flags, name }: Options & { readonly name: string | undefined }) {
  const session = createSession(context, flags);
  const api = openServerApi(session);
  const found =
    name === undefined ? { ...(await profile(api)).organization, current: true } : named(await listed(api), name);
  if (session.format === 'json') return await tellDone(session, { schema: SCHEMA, data: found, note: '' });
  await tellList(
    { ...session, format: flags.format ?? 'vertical' },
    { schema: SCHEMA, items: [found], columns: COLUMNS },
  );
}

export async function createOrganization({ context, flags, name }: Named): Promise<void> {
  const session = createSession(context, flags);
  const created = await create(openServerApi(session), name);
  const note = `Made ${created.name} (${created.id}). To work in it: custard org use ${created.id}`;
  await tellDone(session, { schema: SCHEMA, data: { ...created, current: false }, note });
}

/** The organization in use. */
export async function renameOrganization({ context, flags, name }: Named): Promise<void> {
  const session = createSession(context, flags);
  const api = openServerApi(session);
  const { organization } = await profile(api);
  const renamed = await rename(api, organization.id, name);
  const note = `${organization.name} is ${renamed.name} from now on.`;
  await tellDone(session, { schema: SCHEMA, data: { ...renamed, current: true }, note });
}

/** For this session and later log-ins; the session's new token is kept. */
export async function useOrganization({ context, flags, name }: Named): Promise<void> {
  const session = accountSession(createSession(context, flags));
  const { store, server } = session;
  const api = openServerApi(session);
  const found = named(await listed(api), name);
  const used = await use(api, found.id);
  await store.exclusively(async () => {
    const stored = await store.load(server.url);
    if (server.token !== null || stored?.credential.kind !== 'session') return;
    const { access_token, expires_in, organization } = used;
    const next = { ...stored.credential, access_token, access_expires_at: inSeconds(expires_in), organization };
    await store.replace(server.url, next, stored.kept);
  });
  const note = `You act in ${found.name} now (${found.role}).`;
  await tellDone(session, { schema: SCHEMA, data: { ...found, current: true }, note });
}

async function listed(api: ApiClient): Promise<Listed[]> {
  const { organizations: items, current } = await organizations(api);
  return items.map((item) => ({ ...item, current: item.id === current }));
}

/** By id or name; two of one name have to be told apart by their ids. */
function named(all: readonly Listed[], nameOrId: string): Listed {
  const byId = all.find(({ id }) => id === nameOrId);
  if (byId !== undefined) return byId;
  const [first, ...others] = all.filter(({ name }) => name === nameOrId.normalize('NFC'));
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    throw new CustardError('USAGE', `You are in ${others.length + 1} organizations named ${nameOrId}.`, {
      hint: `Name one by its id: ${[first, ...others].map(({ id }) => id).join(', ')}`,
    });
  }
  const meant = closest(
    nameOrId,
    all.map(({ name }) => name),
  );
  throw new CustardError('NOT_FOUND', `You are in no organization "${nameOrId}".`, {
    hint: meant === null ? 'See yours: custard org list' : `Did you mean "${meant}"?`,
  });
}
