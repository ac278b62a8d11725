import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROLES, type Role } from '#core/protocol/accounts.ts';
import { isAtLeast } from './identity/permissions.ts';
import { type AccountSuite, describeAccounts } from './test-support/account-suite.ts';
import { allRoutes } from './test-support/all-routes.ts';
import { type Answer, call, join, type Person, signUp } from './test-support/person.ts';
import { ROUTES, type Scene } from './test-support/route-table.ts';
import { SHOP } from './test-support/shop-schema.ts';

/** Two organizations, four roles and nobody, at every route there is. */

type Team = Readonly<Record<Role, Person>>;

async function team(suite: AccountSuite): Promise<Team> {
  const owner = await signUp(suite.server);
  const [admin, member, viewer] = [
    await join(suite.server, owner, 'admin'),
    await join(suite.server, owner, 'member'),
    await join(suite.server, owner, 'viewer'),
  ];
  return { owner, admin, member, viewer };
}

const NOBODY = { key: 'nothing', id: 'nothing' };
let checked = 0;
afterAll(() => {
  process.stderr.write(`tenant matrix: ${checked} answers checked\n`);
});

it('knows every route', () => {
  const [listed, there] = [new Set(Object.keys(ROUTES)), new Set(allRoutes())];
  expect({ unlisted: [...there.difference(listed)], gone: [...listed.difference(there)] }).toEqual({
    unlisted: [],
    gone: [],
  });
});

describeAccounts('tenancy', (suite) => {
  let own: Team;
  let other: Team;
  const spare = new Map<Person, string>();
  beforeAll(async () => {
    suite.server.gateway.onDescribe = async () => SHOP;
    [own, other] = [await team(suite), await team(suite)];
  });

  const scene = (of: Team, asker: Person, fresh: boolean): Scene => ({
    ...{ server: suite.server, owner: of.owner, asker },
    async spareMember() {
      const known = spare.get(of.owner);
      if (known !== undefined && !fresh) return known;
      const { userId } = await join(suite.server, of.owner, 'viewer');
      spare.set(of.owner, userId);
      return userId;
    },
  });
  const ask = async (
    route: string,
    asker: Person | null,
    params: Readonly<Record<string, string>>,
  ): Promise<Answer> => {
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern.replace(/:(\w+)/g, (_, key: string) => params[key] ?? '');
    const body = ROUTES[route]?.body?.(params);
    checked += 1;
    if (ROUTES[route]?.form) return await askPage(suite, method, path, body);
    return asker === null ? await call(suite.server, method, path, body) : await asker.call(method, path, body);
  };
  /** Logs the asker in again where the answer was a new access token. */
  const goOn = (asker: Person, { body }: Answer): void => {
    if (typeof body.access_token === 'string') asker.tokens = { ...asker.tokens, access_token: body.access_token };
  };

  for (const [route, { least, status, thing, answer }] of Object.entries(ROUTES)) {
    if (least === 'public') {
      it(`${route} is for everybody`, async () => {
        const given = await ask(route, null, NOBODY);
        expect(given.status, JSON.stringify(given.body)).toBe(status);
        answer?.parse(given.body);
      });
      continue;
    }

    it(`${route} is for ${least}s and those above`, async () => {
      for (const role of ROLES) {
        const asker = own[role];
        const allowed = isAtLeast(role, least);
        const params = (await thing?.(scene(own, asker, allowed && status === 204))) ?? {};
        const given = await ask(route, asker, params);
        goOn(asker, given);
        expect([role, given.status], JSON.stringify(given.body)).toEqual([role, allowed ? status : 403]);
        if (!allowed) expect(given.body.error).toMatchObject({ code: 'FORBIDDEN', hint: expect.any(String) });
        else answer?.parse(given.body);
        for (const secret of [other.owner.organizationId, ...Object.values(other).map(({ email }) => email)])
          expect(JSON.stringify(given.body)).not.toContain(secret);
      }
    });

    it(`${route} is not for nobody`, async () => {
      const given = await ask(route, null, (await thing?.(scene(own, own.owner, false))) ?? {});
      expect([given.status, given.body.error.code]).toEqual([401, 'UNAUTHENTICATED']);
    });

    if (thing === undefined) continue;
    it(`${route} answers for another organization’s as for one that is not there`, async () => {
      for (const role of ROLES) {
        const theirs = await thing(scene(other, own[role], false));
        const before = await contents(suite);
        const [foreign, missing] = [await ask(route, own[role], theirs), await ask(route, own[role], NOBODY)];
        const plain = ({ status: code, body }: Answer, params: Readonly<Record<string, string>>) => {
          const text = JSON.stringify({ ...body.error, request_id: '' });
          return [code, Object.values(params).reduce((rest, id) => rest.replaceAll(id, 'ID'), text)];
        };
        expect(plain(foreign, theirs)).toEqual(plain(missing, NOBODY));
        expect(foreign.status).toBe(isAtLeast(role, least) ? 404 : 403);
        expect(await contents(suite)).toEqual(before);
      }
    });
  }
});

/** As a browser does. */
async function askPage({ server }: AccountSuite, method: string, path: string, body: unknown): Promise<Answer> {
  const fields = body === undefined ? {} : { body: new URLSearchParams(body as Record<string, string>) };
  const response = await fetch(`${server.server.url}${path}`, { method, redirect: 'manual', ...fields });
  return { status: response.status, headers: response.headers, body: { text: await response.text() } };
}

/** All that belongs to organizations, but what merely says that somebody was here. */
async function contents({ database: { knex } }: AccountSuite): Promise<unknown> {
  const tables = ['organizations', 'memberships', 'tokens', 'connections', 'agent_keys', 'invitations', 'sessions'];
  const rows = await Promise.all(tables.map((table) => knex(table).orderBy(1)));
  return rows.map((all) => all.map(({ last_used_at: _used, ...row }) => row));
}
