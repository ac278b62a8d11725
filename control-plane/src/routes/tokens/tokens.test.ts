import { afterEach, expect, it, vi } from 'vitest';
import { CreatedToken } from '#core/protocol/accounts.ts';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { join, type Person, signUp } from '../../test-support/person.ts';

const TOKENS = '/api/v1/tokens';
const CONNECTIONS = '/api/v1/connections';

afterEach(() => {
  vi.useRealTimers();
});

describeAccounts('tokens', (suite) => {
  const create = async (person: Person, wanted: object) =>
    CreatedToken.parse((await person.call('POST', TOKENS, wanted)).body);
  const statusWith = async (token: string, method = 'GET', path = CONNECTIONS, body?: object) => {
    const init = { headers: { authorization: `Bearer ${token}` } };
    return (await suite.server.request(method, path, body, init)).status;
  };

  it('are shown once, listed without it, tell when they were used, and are revoked', async () => {
    const person = await signUp(suite.server);
    const { token, ...view } = await create(person, { name: 'laptop' });
    expect(token).toMatch(/^custard_[0-9A-Za-z]{36}$/);
    expect(view).toMatchObject({ kind: 'personal', scopes: ['query', 'connections:read'], last_used_at: null });
    expect(Date.parse(view.expires_at ?? '') - Date.now()).toBeGreaterThan(89 * 86_400_000);
    expect(await statusWith(token)).toBe(200);
    const { body } = await person.call('GET', TOKENS);
    expect(body.tokens).toMatchObject([
      { id: view.id, beginning: token.slice(0, 12), last_used_at: expect.any(String) },
    ]);
    expect(JSON.stringify(body)).not.toContain(token);
    expect((await person.call('DELETE', `${TOKENS}/${view.id}`)).status).toBe(204);
    expect(await statusWith(token)).toBe(401);
    expect((await person.call('DELETE', `${TOKENS}/${view.id}`)).status).toBe(404);
  });

  it('do what their scopes say and nothing else', async () => {
    const person = await signUp(suite.server);
    const { token } = await create(person, { name: 'reader', scopes: ['connections:read'] });
    const connection = { name: 'shop', db_type: 'SQLITE' };
    expect(await statusWith(token)).toBe(200);
    expect(await statusWith(token, 'POST', CONNECTIONS, connection)).toBe(403);
    expect(await statusWith(token, 'POST', TOKENS, { name: 'more' })).toBe(403);
    const maker = await create(person, { name: 'maker', scopes: ['tokens:write', 'connections:read'] });
    const beyond = { name: 'beyond', scopes: ['query'] };
    expect(await statusWith(maker.token, 'POST', TOKENS, beyond)).toBe(403);
    expect(await statusWith(maker.token, 'POST', TOKENS, { name: 'within', scopes: ['connections:read'] })).toBe(201);
  });

  it('end on their day', async () => {
    const person = await signUp(suite.server);
    const { token } = await create(person, { name: 'a day', expires_in_days: 1 });
    const forever = await create(person, { name: 'forever', expires_in_days: null });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_001 });
    expect([await statusWith(token), await statusWith(forever.token)]).toEqual([401, 200]);
  });

  it('of a person end with the membership, those of CI stay', async () => {
    const owner = await signUp(suite.server);
    const admin = await join(suite.server, owner, 'admin');
    const personal = await create(admin, { name: 'mine' });
    const ci = await create(admin, { name: 'pipeline', kind: 'ci', expires_in_days: null });
    expect((await owner.call('DELETE', `/api/v1/members/${admin.userId}`)).status).toBe(204);
    expect([await statusWith(personal.token), await statusWith(ci.token)]).toEqual([401, 200]);
    const { body } = await owner.call('GET', TOKENS);
    expect(body.tokens.map(({ name }: { name: string }) => name)).toEqual(['pipeline']);
  });

  it('follow the role of their holder', async () => {
    const owner = await signUp(suite.server);
    const admin = await join(suite.server, owner, 'admin');
    const { token } = await create(admin, { name: 'deploy', scopes: ['connections:write'] });
    expect(await statusWith(token, 'POST', CONNECTIONS, { name: 'one', db_type: 'SQLITE' })).toBe(201);
    await owner.call('PUT', `/api/v1/members/${admin.userId}`, { role: 'viewer' });
    expect(await statusWith(token, 'POST', CONNECTIONS, { name: 'two', db_type: 'SQLITE' })).toBe(403);
  });

  it('of others are an admin’s to see and to revoke, not a member’s', async () => {
    const owner = await signUp(suite.server);
    const [one, two] = [await join(suite.server, owner, 'member'), await join(suite.server, owner, 'member')];
    const { id, token } = await create(one, { name: 'one' });
    expect((await two.call('GET', TOKENS)).body.tokens).toEqual([]);
    expect((await two.call('DELETE', `${TOKENS}/${id}`)).status).toBe(404);
    expect((await one.call('POST', TOKENS, { name: 'ci', kind: 'ci' })).status).toBe(403);
    expect((await owner.call('DELETE', `${TOKENS}/${id}`)).status).toBe(204);
    expect(await statusWith(token)).toBe(401);
  });
});
