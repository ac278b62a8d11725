import { openConnector } from '../registry.ts';
import { startEmulator } from '../snowflake/testing/start-emulator.ts';
import { WRONG_PASSWORD } from './contract/connection-cases.ts';
import { sqlStatements } from './contract/sql-statements.ts';
import { CUSTOMERS, type Engine, type Failure, type Fixture, type ValueSample } from './engine.ts';
import { MASKED_VALUES } from './masked-values.ts';
import { maskParts } from './owner-sql.ts';

const SCHEMA = `
  CREATE TABLE customer (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, email VARCHAR UNIQUE, note VARCHAR);
  CREATE TABLE "order" (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer (id), total DECIMAL(10,2), placed_at TIMESTAMP);
  CREATE VIEW big_spender AS SELECT c.id, c.name FROM customer c JOIN "order" o ON o.customer_id = c.id;
  INSERT INTO customer VALUES ${CUSTOMERS.map((row) => `(${row.map(literal).join(', ')})`).join(', ')};
  INSERT INTO "order" VALUES (1, 1, 12.5, '2024-02-29 12:00:00')`;

function literal(value: string | number | null): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

const sample = (sql: string, cell: ValueSample['cell'], type: string, kind: ValueSample['kind']): ValueSample => ({
  sql,
  cell,
  type,
  kind,
});

const VALUES: readonly ValueSample[] = [
  sample('9007199254740991', 9007199254740991, 'NUMBER(38,0)', 'integer'),
  sample('9007199254740992', '9007199254740992', 'NUMBER(38,0)', 'integer'),
  sample('CAST(-12.50 AS DECIMAL(10,2))', '-12.50', 'NUMBER(10,2)', 'decimal'),
  sample('CAST(0.1 AS DOUBLE) + CAST(0.2 AS DOUBLE)', 0.30000000000000004, 'FLOAT', 'float'),
  sample("CAST('nan' AS DOUBLE)", 'NaN', 'FLOAT', 'float'),
  sample("CAST('-inf' AS DOUBLE)", '-Infinity', 'FLOAT', 'float'),
  sample('CAST(NULL AS VARCHAR)', null, 'VARCHAR', 'text'),
  sample("''", '', 'VARCHAR', 'text'),
  sample("'NULL'", 'NULL', 'VARCHAR', 'text'),
  sample("TO_BINARY('00ff5c22')", '\\x00ff5c22', 'BINARY', 'binary'),
  sample('true', true, 'BOOLEAN', 'boolean'),
  sample("CAST('2024-02-29' AS DATE)", '2024-02-29', 'DATE', 'date'),
  sample("CAST('0001-01-01' AS DATE)", '0001-01-01', 'DATE', 'date'),
  sample("CAST('23:59:59.123456' AS TIME)", '23:59:59.123456', 'TIME', 'time'),
  sample(
    "CAST('2024-02-29 12:00:00.123456789' AS TIMESTAMP_NS)",
    '2024-02-29 12:00:00.123456789',
    'TIMESTAMP_NTZ',
    'timestamp',
  ),
  sample("CAST('1969-12-31 23:59:59.5' AS TIMESTAMP_NS)", '1969-12-31 23:59:59.5', 'TIMESTAMP_NTZ', 'timestamp'),
  sample(
    "CAST('2024-07-01 12:00:00.5+00' AS TIMESTAMPTZ)",
    '2024-07-01 14:00:00.5+02:00',
    'TIMESTAMP_LTZ',
    'timestamp',
  ),
  sample(`PARSE_JSON('{"a": 12345678901234567890}')`, '{"a": 12345678901234567890}', 'VARIANT', 'json'),
  sample("'Grüße 陳大文 🦆 \u2028'", 'Grüße 陳大文 🦆 \u2028', 'VARCHAR', 'text'),
  sample(`'q" b\\ ' || chr(1) || chr(10) || chr(127)`, 'q" b\\ \x01\n\x7f', 'VARCHAR', 'text'),
];

const WRITES = [
  "INSERT INTO customer VALUES (9, 'x', 'x', NULL)",
  'DELETE FROM customer',
  'UPDATE customer SET note = NULL',
  'CREATE TABLE made (a INTEGER)',
  'CREATE TEMP TABLE made (a INTEGER)',
  'DROP TABLE customer',
  'BEGIN',
  'PUT file:///etc/passwd @~',
  ' get @~ file:///tmp',
];

const FAILURES: readonly Failure[] = [
  { sql: 'SELECT * FROM nowhere', code: 'RELATION_NOT_FOUND' },
  { sql: 'SELECT nowhere FROM customer', code: 'COLUMN_NOT_FOUND', line: 1, column: 8 },
  { sql: 'SELEC 1', code: 'STATEMENT_INVALID', line: 1, column: 1 },
  { sql: 'SELECT 1; SELECT 2', code: 'MULTIPLE_STATEMENTS' },
  { sql: "SELECT CAST('x' AS INTEGER)", code: 'QUERY_FAILED' },
];

/** An emulator of ours over DuckDB, asked by Snowflake's real driver; no Snowflake. */
export const snowflakeEngine: Engine = {
  name: 'snowflake (emulator)',
  dialect: 'snowflake',
  foldsUp: true,
  absent: {
    missing: 'The emulator has one database, whatever is asked for.',
    killed: 'Snowflake does not notice at once that a client is gone: the limit that it was given ends the statement.',
    'mask renamed': 'It does not tell where a column comes from: under another name it is denied, not masked.',
    'mask joined': 'It does not tell where a column comes from: two of one name are denied, not masked.',
  },
  // The driver has two pieces of a result in memory, each as text and as what is made of it.
  memoryMib: 320,
  async start(): Promise<Fixture> {
    const emulator = await startEmulator();
    await emulator.execute(SCHEMA);
    const sql = sqlStatements();
    const settings = {
      dialect: 'snowflake',
      account: 'emulated',
      accessUrl: emulator.address,
      user: 'ana',
      password: 'p@ss/w%rd',
      database: 'SHOP',
      schema: 'PUBLIC',
    } as const;
    const connector = await openConnector(settings);
    return {
      connector,
      // It masks by the name of a result's column, and with it one of another table.
      statements: { ...sql, hidden: sql.hidden.filter(({ statement }) => !statement.startsWith('SELECT name ')) },
      ...maskParts(emulator.execute, MASKED_VALUES['snowflake'] ?? []),
      wrong: {
        unreachable: () => openConnector({ ...settings, accessUrl: 'http://127.0.0.1:1' }),
        password: () => openConnector({ ...settings, password: WRONG_PASSWORD }),
      },
      schema: 'PUBLIC',
      url: `snowflake://ana:p@ss/w%rd@emulated/SHOP/PUBLIC?accessUrl=${emulator.address}`,
      values: VALUES,
      writes: WRITES,
      failures: FAILURES,
      execute: emulator.execute,
      endless: 'SELECT count(*) FROM range(1000000000000) a, range(1000000) b WHERE a.range + b.range < 0',
      series: (rows, width = 100) => `SELECT range + 1 AS n, repeat('x', ${width}) AS filler FROM range(${rows})`,
      wideText: (characters) => `SELECT repeat('ü', ${characters}) AS wide`,
      running: emulator.running,
      stop: async () => {
        await connector.close();
        await emulator.stop();
      },
    };
  },
};
