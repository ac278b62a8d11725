import { afterEach, describe, expect, it } from 'vitest';
import type { Connector } from '../connector.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { collect } from '../testing/collect.ts';
import { wholeSchema } from '../whole-schema.ts';
import type { Rights } from './testing/commands.ts';
import { type Emulator, startEmulator } from './testing/emulator.ts';
import { Store } from './testing/store.ts';

const never = new AbortController().signal;
const SHOP = { db: 'shop', collection: '' };
/** Those of the built-in role `read`. */
const READ = `changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes
  planCacheRead`.split(/\s+/);
const PASSWORD = 'p@ss/w#rd%:';

/** What a server would say of users and rights; a real one would need an administrator to set each up. */
describe("users and rights, on an emulator of MongoDB's wire protocol", () => {
  const ending: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });

  async function start(rights: Rights): Promise<Emulator> {
    const store = new Store();
    store.add('customer', [{ _id: 1, name: 'Ana' }]);
    store.add('salary', [{ _id: 1, amount: 1 }]);
    const emulator = await startEmulator(store, rights);
    ending.push(() => emulator.stop());
    return emulator;
  }

  async function open(url: string): Promise<Connector> {
    const connector = await openConnector(parseDatabaseUrl(url));
    ending.push(() => connector.close());
    return connector;
  }

  const asUser = (emulator: Emulator, password: string, user = 'ana') =>
    open(`mongodb://${user}:${password}@127.0.0.1:${emulator.port}/shop?authMechanism=PLAIN&authSource=$external`);

  const withPrivileges = async (privileges: Rights['privileges'] = []) => {
    const connector = await asUser(await start({ users: { ana: 'x' }, privileges }), 'x');
    const { grade, findings, leastPrivilege } = await connector.posture({ signal: never });
    return { grade, codes: findings.map(({ code }) => code), leastPrivilege };
  };

  it.each([PASSWORD, encodeURIComponent(PASSWORD)])(
    'logs in with a password however it is written: %s',
    async (written) => {
      const emulator = await start({ users: { ana: PASSWORD } });
      const connector = await asUser(emulator, written);
      expect((await connector.ping({ signal: never })).version).toBe('8.0.4');
    },
  );

  it('says that user or password are wrong, and not what they are', async () => {
    const connector = await asUser(await start({ users: { ana: 'right' } }), 'wrong-secret');
    const error = await connector.ping({ signal: never }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'DATABASE_AUTH_FAILED', hint: expect.stringContaining('authSource') });
    expect(String(error)).not.toContain('wrong-secret');
    const nobody = await open(`mongodb://127.0.0.1:${(await start({ users: { ana: 'x' } })).port}/shop`);
    await expect(nobody.ping({ signal: never })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('lists what the role may not read as not readable, and says of a statement that it may not', async () => {
    const connector = await asUser(await start({ users: { ana: 'x' }, denied: ['salary'] }), 'x');
    const { tables } = await wholeSchema(connector, { signal: never });
    expect(tables.map(({ name, readable }) => [name, readable])).toEqual([
      ['customer', true],
      ['salary', false],
    ]);
    const denied = collect(connector, '{"collection": "salary", "find": {"name": "Ana"}}');
    await expect(denied).rejects.toMatchObject({
      ...{ code: 'PERMISSION_DENIED', message: 'not authorized on shop', details: { engineCode: '13' } },
    });
  });

  it.each([
    ['good', [], [{ resource: SHOP, actions: READ }]],
    ['bad', ['write_privileges'], [{ resource: SHOP, actions: [...READ, 'insert'] }]],
    ['bad', ['write_privileges'], [{ resource: SHOP, actions: [...READ, 'someActionOfTomorrow'] }]],
    [
      'bad',
      ['write_privileges'],
      [
        { resource: SHOP, actions: READ },
        { resource: { cluster: true }, actions: ['killop'] },
      ],
    ],
    [
      'acceptable',
      ['monitoring'],
      [
        { resource: SHOP, actions: READ },
        { resource: { cluster: true }, actions: ['inprog'] },
      ],
    ],
    ['acceptable', ['reads_other_databases'], [{ resource: { db: '', collection: '' }, actions: READ }]],
    [
      'acceptable',
      ['reads_system', 'reads_nothing'],
      [{ resource: { db: 'admin', collection: 'system.users' }, actions: ['find'] }],
    ],
    [
      'bad',
      ['write_privileges', 'reads_system', 'reads_other_databases'],
      [{ resource: { anyResource: true }, actions: ['anyAction'] }],
    ],
  ] as const)('grades rights as %s: %j', async (grade, codes, privileges) => {
    expect(await withPrivileges(privileges)).toMatchObject({ grade, codes });
  });

  it('grades a server that asks for no user as bad, and names another user than its own', async () => {
    const open_ = await open(`mongodb://127.0.0.1:${(await start({})).port}/shop`);
    expect(await open_.posture({ signal: never })).toMatchObject({
      grade: 'bad',
      findings: [{ code: 'no_authentication' }],
    });
    const emulator = await start({ users: { custard_reader: 'x' } });
    const { leastPrivilege } = await (await asUser(emulator, 'x', 'custard_reader')).posture({ signal: never });
    expect(leastPrivilege).toContain('{role: "read", db: "shop"}');
    expect(leastPrivilege).toContain('"custard_reader_2"');
  });

  it('sends every statement with a time limit, a read concern and no leave to use disk', async () => {
    const emulator = await start({});
    const connector = await open(`mongodb://127.0.0.1:${emulator.port}/shop?readConcernLevel=majority`);
    for (const form of ['"pipeline": []', '"find": {}', '"count": {}', '"distinct": "name"']) {
      await collect(connector, `{"collection": "customer", ${form}}`, { limits: { timeoutMs: 5_000 } });
    }
    const statements = emulator.commands.seen.filter((command) => command['readConcern'] !== undefined);
    expect(statements).toHaveLength(4);
    for (const command of statements) {
      expect(command['maxTimeMS']).toBeGreaterThan(4_000);
      expect(command['maxTimeMS']).toBeLessThanOrEqual(5_000);
      expect(command['readConcern']).toEqual({ level: 'majority' });
    }
    expect(statements.slice(0, 2).map((command) => command['allowDiskUse'])).toEqual([false, false]);
    expect(statements[0]?.['cursor'].batchSize).toBeLessThanOrEqual(100);
  });

  it('reads where the URL says', async () => {
    const emulator = await start({ isSecondary: true });
    const url = `mongodb://127.0.0.1:${emulator.port}/shop?directConnection=true&readPreference=secondary&appName=mine`;
    const connector = await open(url);
    expect((await wholeSchema(connector, { signal: never })).tables).toHaveLength(2);
    for (const form of ['"find": {}', '"count": {}']) await collect(connector, `{"collection": "customer", ${form}}`);
    expect(new Set(emulator.commands.seen.map((command) => command['$readPreference']?.mode))).toEqual(
      new Set(['secondary']),
    );
  });

  it('works again after the server has ended its connections', async () => {
    const emulator = await start({});
    const connector = await open(`mongodb://127.0.0.1:${emulator.port}/shop`);
    await connector.ping({ signal: never });
    emulator.dropConnections();
    expect((await collect(connector, '{"collection": "customer", "find": {}}')).rows).toBe(1);
    emulator.dropConnections();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await collect(connector, '{"collection": "customer", "find": {}}')).rows).toBe(1);
  });

  it('says at once that nothing listens, that there is no such host, that settings are wrong', async () => {
    const emulator = await start({});
    await emulator.stop();
    ending.pop();
    const since = performance.now();
    const gone = await open(`mongodb://127.0.0.1:${emulator.port}/shop`);
    await expect(gone.ping({ signal: never })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('nothing listens'),
    });
    expect(performance.now() - since).toBeLessThan(3_000);
    const odd = await open('mongodb://ana:secret-word@127.0.0.1/shop?noSuchOption=secret-too');
    const error = await odd.ping({ signal: never }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(String(error)).not.toContain('secret');
    await expect(open('mongodb://127.0.0.1')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
