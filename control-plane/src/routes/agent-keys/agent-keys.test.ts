import { afterEach, expect, it, vi } from 'vitest';
import { RotatedKey } from '#core/protocol/accounts.ts';
import { CreatedConnection } from '#core/protocol/api.ts';
import { AgentKeyRepository } from '../../db/agent-key-repository.ts';
import { AgentAuthenticator } from '../../identity/agent-authenticator.ts';
import { describeAccounts } from '../../test-support/account-suite.ts';
import { type Person, signUp } from '../../test-support/person.ts';

const CONNECTIONS = '/api/v1/connections';

afterEach(() => {
  vi.useRealTimers();
});

describeAccounts('agents’ keys', (suite) => {
  const setUp = async () => {
    const person = await signUp(suite.server);
    const created = await person.call('POST', CONNECTIONS, { name: 'shop', db_type: 'SQLITE' });
    const { api_key: first, agent_id: agentId } = CreatedConnection.parse(created.body);
    const agents = new AgentAuthenticator(new AgentKeyRepository(suite.database));
    const letsIn = async (key: string) => (await agents.authenticate(agentId, key)) !== null;
    return { person, first, letsIn };
  };
  const rotate = async (person: Person, body: object = {}) =>
    RotatedKey.parse((await person.call('POST', `${CONNECTIONS}/shop/rotate-key`, body)).body);
  const idsOf = async (person: Person) => {
    const { body } = await person.call('GET', `${CONNECTIONS}/shop/keys`);
    return body.keys.map(({ id }: { id: string }) => id);
  };

  it('take over from one another, two at most at a time', async () => {
    const { person, first, letsIn } = await setUp();
    expect(await letsIn(first)).toBe(true);
    const second = await rotate(person);
    expect([await letsIn(first), await letsIn(second.api_key)]).toEqual([true, true]);
    const third = await rotate(person, { grace_minutes: 10 });
    expect([await letsIn(first), await letsIn(second.api_key), await letsIn(third.api_key)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await idsOf(person)).toEqual([third.id, second.id]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
    expect([await letsIn(second.api_key), await letsIn(third.api_key)]).toEqual([false, true]);
  });

  it('stay two whoever rotates at the same time', async () => {
    const { person, letsIn } = await setUp();
    const keys = await Promise.all(Array.from({ length: 5 }, () => rotate(person)));
    const good = await Promise.all(keys.map(({ api_key }) => letsIn(api_key)));
    expect(good.filter(Boolean)).toHaveLength(2);
  });

  it('end at once when they are revoked, or replaced without grace, and with them their links', async () => {
    const { person, first, letsIn } = await setUp();
    const [old = ''] = await idsOf(person);
    const second = await rotate(person, { grace_minutes: 0 });
    expect([await letsIn(first), await letsIn(second.api_key)]).toEqual([false, true]);
    expect((await person.call('DELETE', `${CONNECTIONS}/shop/keys/${second.id}`)).status).toBe(204);
    expect(await letsIn(second.api_key)).toBe(false);
    expect(suite.server.gateway.endedKeys.slice(-2)).toEqual([old, second.id]);
    expect((await person.call('DELETE', `${CONNECTIONS}/shop/keys/${second.id}`)).status).toBe(404);
  });
});
