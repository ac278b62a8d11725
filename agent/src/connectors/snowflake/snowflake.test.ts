import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCustardError } from '#core/errors.ts';
import { Hostile, sharedLines } from '#core/guard/testing/corpora.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import type { SnowflakeSettings } from '../settings.ts';
import { collect } from '../testing/collect.ts';
import type { Fixture } from '../testing/engine.ts';
import { snowflakeEngine } from '../testing/snowflake-engine.ts';
import { cellReader } from './cells.ts';
import { withSnowflakeSecrets } from './secrets.ts';
import { startEmulator } from './testing/start-emulator.ts';

const never = new AbortController().signal;

describe('snowflake connector, over an emulator and no Snowflake', () => {
  let fixture: Fixture;
  let settings: SnowflakeSettings;

  beforeAll(async () => {
    fixture = await snowflakeEngine.start();
    const parsed = parseDatabaseUrl(fixture.url);
    if (parsed.dialect !== 'snowflake') throw new Error('Not a Snowflake URL.');
    settings = parsed;
    await fixture.execute(`
      CREATE VIEW buyer AS SELECT id AS number, name AS called FROM customer;
      CREATE VIEW over_buyer AS SELECT called FROM buyer;
      CREATE VIEW hidden AS SELECT x FROM (SELECT unnest([1]) AS x)`);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  const mask = (column: string, isNamed: boolean): MaskedColumn => ({
    ...{ schema: 'PUBLIC', table: 'CUSTOMER', column, mask: 'null', isNamed },
  });
  const run = (sql: string, masks: readonly MaskedColumn[]) => collect(fixture.connector, sql, { masks });

  it('masks what a star shows, and a column that is named without an alias', async () => {
    const all = await run('SELECT * FROM customer ORDER BY id LIMIT 1', [mask('NAME', false), mask('EMAIL', false)]);
    expect(all.data).toEqual([[1, null, null, null]]);
    const named = await run('SELECT c.id, c.name FROM customer c ORDER BY id LIMIT 1', [mask('NAME', true)]);
    expect(named.data).toEqual([[1, null]]);
    expect(named.columns.map(({ masked }) => masked)).toEqual([undefined, 'null']);
  });

  it.each([
    'SELECT name AS id FROM customer',
    'SELECT name id FROM customer',
    'SELECT name "ID", id AS name FROM customer',
    'SELECT name AS x, name FROM customer',
    'SELECT id AS name FROM customer',
    'SELECT upper(name) FROM customer',
    'SELECT note FROM customer',
  ])('shows nothing where a masked column may have another name: %s', async (statement) => {
    const given: unknown[] = [];
    const limits = { rows: 10, bytes: 1_000, timeoutMs: 5_000 };
    const options = { statement, limits, masks: [mask('NAME', true)], maskKey: Buffer.alloc(32), signal: never };
    const sink = {
      columns: (columns: unknown) => given.push(columns),
      chunk: (bytes: unknown) => void given.push(bytes),
    };
    const outcome = await fixture.connector.run(options, sink).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: 'POLICY_DENIED' });
    expect(given).toEqual([]);
  });

  it('tells what views read, through as many as there are, and of what cannot be understood, everything', async () => {
    const tables = ['OVER_BUYER', 'HIDDEN', 'NOWHERE'].map((name) => ({ schema: null, name }));
    const other = [
      { schema: 'SHOP.PUBLIC', name: 'CUSTOMER' },
      { schema: 'OTHER.PUBLIC', name: 'CUSTOMER' },
    ];
    const [view, hidden, table, ...rest] = await fixture.connector.relations({
      tables: [...tables, ...other],
      signal: never,
    });
    expect(rest).toEqual([]);
    expect(view).toMatchObject({
      name: { schema: 'PUBLIC', name: 'OVER_BUYER' },
      columns: [{ name: 'CALLED', aliases: [] }],
    });
    expect(view?.reads).toEqual([
      { schema: 'PUBLIC', name: 'BUYER', column: 'CALLED' },
      { schema: 'PUBLIC', name: 'CUSTOMER', column: 'ID' },
      { schema: 'PUBLIC', name: 'CUSTOMER', column: 'NAME' },
    ]);
    expect(hidden?.reads).toContainEqual({ schema: 'PUBLIC', name: 'CUSTOMER', column: null });
    expect(table?.asked).toEqual(other[0]);
  });

  it('finds what a role may do through the roles that it has been granted', async () => {
    const { grade, findings, leastPrivilege } = await fixture.connector.posture({ signal: never });
    expect(grade).toBe('bad');
    expect(findings.map(({ code }) => code)).toEqual(['write_grants']);
    expect(findings[0]?.message).toBe('The role may do more than read: INSERT on TABLE SHOP.PUBLIC.CUSTOMER.');
    expect(leastPrivilege).toContain('GRANT USAGE ON DATABASE "SHOP" TO ROLE CUSTARD_READER;');
  });

  it('logs in with the password that its file has now', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'custard-snowflake-'));
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, 'old\n');
    const connector = await openConnector({ ...settings, passwordFile });
    try {
      await expect(connector.ping({ signal: never })).rejects.toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
      await writeFile(passwordFile, `${settings.password}\n`);
      await connector.ping({ signal: never });
    } finally {
      await connector.close();
      await rm(folder, { recursive: true });
    }
  });

  it('tells a wrong password from an address where nothing is', async () => {
    const wrong = await openConnector({ ...settings, password: 'wrong' });
    await expect(wrong.ping({ signal: never })).rejects.toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
    await wrong.close();
  });

  it('goes on in a new session where the old one has ended', async () => {
    const emulator = await startEmulator();
    const connector = await openConnector({ ...settings, accessUrl: emulator.address });
    await connector.ping({ signal: never });
    await emulator.forget();
    expect((await collect(connector, 'SELECT 1 AS one')).data).toEqual([[1]]);
    await connector.close();
    await emulator.stop();
  });

  it('changes nothing whatever it is given, with no guard before it', async () => {
    const everything = async () => [
      (await run('SELECT * FROM customer ORDER BY id', [])).data,
      (await run('SELECT * FROM "order"', [])).data,
      (await run('SELECT TABLE_SCHEMA, TABLE_NAME FROM INFORMATION_SCHEMA.TABLES ORDER BY 1, 2', [])).data,
    ];
    const before = await everything();
    for (const { sql } of sharedLines('corpora/hostile/snowflake.jsonl', Hostile)) {
      await collect(fixture.connector, sql, { limits: { timeoutMs: 1_000, rows: 10 } }).catch((error: unknown) => {
        expect(isCustardError(error), sql).toBe(true);
      });
    }
    expect(await everything()).toEqual(before);
  }, 120_000);

  it('logs in with a key, encrypted or not, and with a token', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'custard-snowflake-'));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = join(folder, 'key.p8');
    await writeFile(
      key,
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' }),
    );
    const { password: _, ...without } = settings;
    const environments = [
      { SNOWFLAKE_PRIVATE_KEY_FILE: key, SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'open' },
      { SNOWFLAKE_TOKEN: 'a-token' },
    ];
    for (const environment of environments) {
      const connector = await openConnector(withSnowflakeSecrets(without, environment));
      expect((await connector.ping({ signal: never })).version).toBe('9.33.1');
      await connector.close();
    }
    const locked = await openConnector(withSnowflakeSecrets(without, { SNOWFLAKE_PRIVATE_KEY_FILE: key }));
    await expect(locked.ping({ signal: never })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await rm(folder, { recursive: true });
    expect(await readdir('.')).not.toContain('snowflake.log');
  });
});

describe("values as Snowflake's documents say they are sent", () => {
  it.each([
    ['fixed', 38, '99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
    ['real', 0, 'inf', 'Infinity'],
    ['real', 0, '1e300', 1e300],
    ['boolean', 0, 'TRUE', true],
    ['boolean', 0, '0', false],
    ['date', 0, '-719162', '0001-01-01'],
    ['time', 9, '86399.000000001', '23:59:59.000000001'],
    ['timestamp_ntz', 9, '-1.500000000', '1969-12-31 23:59:58.5'],
    ['timestamp_tz', 9, '1709208000.123456789 1500', '2024-02-29 13:00:00.123456789+01:00'],
    ['timestamp_tz', 0, '1709208000 1110', '2024-02-29 06:30:00-05:30'],
    ['timestamp_ltz', 3, '1719835200.500', '2024-07-01 14:00:00.5+02:00'],
    ['timestamp_ltz', 3, '1706745600.000', '2024-02-01 01:00:00+01:00'],
    ['variant', 0, '{\n  "a": 1.10\n}', '{\n  "a": 1.10\n}'],
    ['vector', 0, '[1.0,2.5]', '[1.0,2.5]'],
    ['binary', 0, '00FF', '\\x00ff'],
  ] as const)('%s(%d) %s', (type, scale, wire, cell) => {
    expect(cellReader({ name: 'c', type, scale: type === 'fixed' ? 0 : scale }, 'Europe/Berlin')(wire)).toBe(cell);
  });
});
