import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseSchema } from '#core/schema.ts';
import type { Connector } from '../connector.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { collect } from '../testing/collect.ts';
import { wholeSchema } from '../whole-schema.ts';
import { withSnowflakeSecrets } from './secrets.ts';

const url = process.env['CUSTARD_TEST_SNOWFLAKE_URL'];
if (!url) console.warn('NOT TESTED: Snowflake itself, as CUSTARD_TEST_SNOWFLAKE_URL is not set. The emulator is.');
const never = new AbortController().signal;

/** What the emulator cannot answer for. Reads only: any role that has a warehouse will do. */
describe.skipIf(!url)('snowflake connector, on the account of CUSTARD_TEST_SNOWFLAKE_URL', () => {
  let connector: Connector;

  beforeAll(async () => {
    const settings = parseDatabaseUrl(url ?? '');
    if (settings.dialect !== 'snowflake') throw new Error('CUSTARD_TEST_SNOWFLAKE_URL is not a snowflake:// URL.');
    connector = await openConnector(withSnowflakeSecrets(settings, process.env));
  });
  afterAll(async () => {
    await connector.close();
  });

  it.each([
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['1.50::NUMBER(10,2)', '1.50'],
    ["'NaN'::FLOAT", 'NaN'],
    ["TO_BINARY('00ff')", '\\x00ff'],
    ["'2024-02-29 12:00:00.123456789'::TIMESTAMP_NTZ", '2024-02-29 12:00:00.123456789'],
    ["'2024-02-29 12:00:00.5 -05:30'::TIMESTAMP_TZ", '2024-02-29 12:00:00.5-05:30'],
    ["'0001-01-01'::DATE", '0001-01-01'],
    ["'NULL'", 'NULL'],
    ['NULL', null],
    ['TRUE', true],
  ])('gives %s exactly', async (sql, cell) => {
    expect((await collect(connector, `SELECT ${sql}`)).data).toEqual([[cell]]);
  });

  it('describes, grades, explains, and streams what is in many pieces', async () => {
    expect(DatabaseSchema.parse(await wholeSchema(connector, { signal: never })).dialect).toBe('snowflake');
    expect((await connector.posture({ signal: never })).leastPrivilege).toContain('CREATE ROLE');
    expect((await collect(connector, 'EXPLAIN USING TEXT SELECT 1')).rows).toBe(1);
    const many = 'SELECT SEQ8(), RANDSTR(100, RANDOM()) FROM TABLE(GENERATOR(ROWCOUNT => 300000))';
    expect((await collect(connector, many)).rows).toBe(300_000);
  });

  it('refuses what is no SELECT, and translates errors', async () => {
    for (const sql of ['CREATE TEMPORARY TABLE made (a INT)', 'USE ROLE PUBLIC', 'ALTER SESSION SET TIMEZONE = UTC']) {
      await expect(collect(connector, sql), sql).rejects.toMatchObject({ code: 'NOT_READ_ONLY' });
    }
    const failures = {
      'SELECT 1; SELECT 2': 'MULTIPLE_STATEMENTS',
      'SELECT * FROM nowhere_at_all': 'RELATION_NOT_FOUND',
      'SELECT nowhere_at_all': 'COLUMN_NOT_FOUND',
      'SELEC 1': 'STATEMENT_INVALID',
    };
    for (const [sql, code] of Object.entries(failures)) {
      await expect(collect(connector, sql), sql).rejects.toMatchObject({ code });
    }
  });

  it('ends a statement at its time limit', async () => {
    const endless = 'SELECT SYSTEM$WAIT(60)';
    await expect(collect(connector, endless, { limits: { timeoutMs: 2_000 } })).rejects.toMatchObject({
      code: 'QUERY_TIMEOUT',
    });
  });
});
