import { closest } from '#core/closest.ts';
import { CustardError } from '#core/errors.ts';
import type { Permission, TokenView } from '#core/protocol/accounts.ts';
import { createToken as create, revokeToken as revoke, tokens } from '../api/accounts.ts';
import { parseDays } from '../config/parse-values.ts';
import { envelope } from '../output/envelope.ts';
import type { ListColumn } from '../output/print-list.ts';
import type { RunContext } from '../run-context.ts';
import { openServerApi } from './open-api.ts';
import { createSession, type SessionFlags } from './session.ts';
import { tellDone, tellList } from './tell.ts';

interface Options {
  readonly context: RunContext;
  readonly flags: SessionFlags;
}

const COLUMNS: readonly ListColumn<TokenView>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'kind', value: ({ kind }) => kind },
  { name: 'begins', value: ({ beginning }) => `${beginning}…` },
  { name: 'scopes', value: ({ scopes }) => scopes?.join(' ') ?? 'everything' },
  { name: 'good until', value: ({ expires_at }) => expires_at ?? 'no end' },
  { name: 'last used', value: ({ last_used_at }) => last_used_at },
  { name: 'id', value: ({ id }) => id },
];

export async function listTokens({ context, flags }: Options): Promise<void> {
  const session = createSession(context, flags);
  const items = await tokens(openServerApi(session));
  if (items.length === 0) session.narrator.note('No token yet. Make one: custard token create NAME');
  await tellList(session, { schema: 'custard.tokens/1', items, columns: COLUMNS });
}

interface CreateOptions extends Options {
  readonly name: string;
  readonly ci: boolean;
  readonly scopes: readonly Permission[];
  /** "90d", or "never". */
  readonly expires: string;
}

/** Prints the token, and nothing else: the only time that it is seen. */
export async function createToken({ context, flags, name, ci, scopes, expires }: CreateOptions): Promise<void> {
  const session = createSession(context, flags);
  const created = await create(openServerApi(session), {
    ...{ name, kind: ci ? 'ci' : 'personal', scopes: [...scopes] },
    expires_in_days: parseDays(expires, '--expires'),
  });
  if (session.format === 'json') {
    await session.sink.write(envelope({ schema: 'custard.token/1', data: created }));
    return;
  }
  const end = created.expires_at === null ? 'until it is revoked' : `until ${created.expires_at}`;
  session.narrator.note(`Made token ${created.name} (${created.id}), good ${end}. It is shown this once:`);
  await session.sink.write(`${created.token}\n`);
}

/** By id, or by a name that only one has. */
export async function revokeToken({ context, flags, which }: Options & { readonly which: string }): Promise<void> {
  const session = createSession(context, flags);
  const api = openServerApi(session);
  const { id, name } = chosen(await tokens(api), which);
  await revoke(api, id);
  const note = `Revoked ${name}: what uses it is refused from now on.`;
  await tellDone(session, { schema: 'custard.deleted/1', data: { id, name }, note });
}

function chosen(all: readonly TokenView[], which: string): TokenView {
  const byId = all.find(({ id }) => id === which);
  if (byId !== undefined) return byId;
  const [first, ...others] = all.filter(({ name }) => name === which.normalize('NFC'));
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    throw new CustardError('USAGE', `There are ${others.length + 1} tokens named ${which}.`, {
      hint: `Name one by its id: ${[first, ...others].map(({ id }) => id).join(', ')}`,
    });
  }
  const meant = closest(
    which,
    all.map(({ name }) => name),
  );
  throw new CustardError('NOT_FOUND', `There is no token "${which}".`, {
    hint: meant === null ? 'See them all: custard token list' : `Did you mean ${meant}?`,
  });
}
