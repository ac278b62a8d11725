import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { WRONG_PASSWORD } from './contract/connection-cases.ts';
import { sqlStatements } from './contract/sql-statements.ts';
import { CUSTOMERS, type Engine, type Failure, type Fixture, type ValueSample } from './engine.ts';
import { MASKED_VALUES } from './masked-values.ts';
import { connectorOf, maskParts, runElsewhere } from './owner-sql.ts';

const SCHEMA = `
  CREATE TYPE mood AS ENUM ('sad', 'happy');
  CREATE DOMAIN positive AS int4 CHECK (VALUE > 0);
  CREATE TABLE customer (id int8 PRIMARY KEY, name text NOT NULL, email varchar(80) UNIQUE, note text);
  CREATE TABLE "order" (
    id int4 PRIMARY KEY, customer_id int8 NOT NULL REFERENCES customer, total numeric(10,2), placed_at timestamptz);
  CREATE VIEW big_spender AS SELECT c.id, c.name FROM customer c JOIN "order" o ON o.customer_id = c.id;`;

const sample = (sql: string, cell: ValueSample['cell'], type: string, kind: ValueSample['kind']): ValueSample => ({
  sql,
  cell,
  type,
  kind,
});

const VALUES: readonly ValueSample[] = [
  sample('9223372036854775807::int8', '9223372036854775807', 'int8', 'integer'),
  sample('(-9223372036854775808)::int8', '-9223372036854775808', 'int8', 'integer'),
  sample('(-2147483648)::int4', -2147483648, 'int4', 'integer'),
  sample('32767::int2', 32767, 'int2', 'integer'),
  sample('4294967295::oid', 4294967295, 'oid', 'integer'),
  sample('7::positive', 7, 'int4', 'integer'),
  sample(
    "'1234567890123456789012345678.0123456789'::numeric(38,10)",
    '1234567890123456789012345678.0123456789',
    'numeric',
    'decimal',
  ),
  sample("'NaN'::numeric", 'NaN', 'numeric', 'decimal'),
  sample('0.1::float8 + 0.2::float8', 0.30000000000000004, 'float8', 'float'),
  sample("'-1e-300'::float8", -1e-300, 'float8', 'float'),
  sample("'NaN'::float8", 'NaN', 'float8', 'float'),
  sample("'Infinity'::float4", 'Infinity', 'float4', 'float'),
  sample("'-Infinity'::float8", '-Infinity', 'float8', 'float'),
  sample('true', true, 'bool', 'boolean'),
  sample('false', false, 'bool', 'boolean'),
  sample('NULL::bool', null, 'bool', 'boolean'),
  sample('NULL::int4', null, 'int4', 'integer'),
  sample("''", '', 'text', 'text'),
  sample('NULL', null, 'text', 'text'),
  sample("'0044-03-15 BC'::date", '0044-03-15 BC', 'date', 'date'),
  sample("'infinity'::timestamptz", 'infinity', 'timestamptz', 'timestamp'),
  sample(
    "timestamptz '2024-02-29 23:59:59.123456+00' AT TIME ZONE 'UTC'",
    '2024-02-29 23:59:59.123456',
    'timestamp',
    'timestamp',
  ),
  sample("time '23:59:59.999999'", '23:59:59.999999', 'time', 'time'),
  sample("interval '1 year 2 mons -3 days 04:05:06.7'", '1 year 2 mons -3 days +04:05:06.7', 'interval', 'interval'),
  sample("'\\x00ff5c22'::bytea", '\\x00ff5c22', 'bytea', 'binary'),
  sample("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'uuid', 'uuid'),
  sample(`'{"a": [1, "x"]}'::jsonb`, '{"a": [1, "x"]}', 'jsonb', 'json'),
  sample(`'{ "a":1}'::json`, '{ "a":1}', 'json', 'json'),
  sample(`ARRAY['a b', NULL, '"']`, '{"a b",NULL,"\\""}', 'text[]', 'array'),
  sample("'happy'::mood", 'happy', 'mood', 'text'),
  sample("ARRAY['sad', 'happy']::mood[]", '{sad,happy}', 'mood[]', 'array'),
  sample(
    `E'tab\\t nl\\n cr\\r bs\\b ff\\f \\x01 \\x1f \\x7f " \\\\ /'`,
    'tab\t nl\n cr\r bs\b ff\f \x01 \x1f \x7f " \\ /',
    'text',
    'text',
  ),
  sample("'Grüße 陳大文 🦆 \u2028'", 'Grüße 陳大文 🦆 \u2028', 'text', 'text'),
];

const WRITES = [
  "INSERT INTO customer VALUES (9, 'x', 'x', NULL)",
  'CREATE TABLE made (a int)',
  'CREATE TABLE made AS SELECT 1 AS a',
  'SELECT * INTO made FROM customer',
  'WITH gone AS (DELETE FROM "order" RETURNING *) SELECT * FROM gone',
  'SET TRANSACTION READ WRITE',
  'SELECT * FROM customer FOR UPDATE',
  "SELECT nextval('counter')",
  'TRUNCATE "order"',
];

const FAILURES: readonly Failure[] = [
  { sql: 'SELECT 1,\n  2 FROM nowhere', code: 'RELATION_NOT_FOUND', line: 2, column: 10 },
  { sql: "SELECT '🦆', nothing FROM customer", code: 'COLUMN_NOT_FOUND', line: 1, column: 13 },
  { sql: 'SELECT 1 / 0', code: 'QUERY_FAILED' },
  { sql: 'SELECT (1', code: 'STATEMENT_INVALID' },
  { sql: 'SELEC 1', code: 'NOT_READ_ONLY' },
  { sql: 'SELECT 1; SELECT 2', code: 'STATEMENT_INVALID' },
  { sql: 'SELECT 1\0; SELECT 2', code: 'STATEMENT_INVALID' },
];

/** Types that a server has from some version on. */
const NEWER_VALUES: Readonly<Record<number, readonly ValueSample[]>> = {
  14: [
    sample("'{[1,3), [5,7)}'::int4multirange", '{[1,3),[5,7)}', 'int4multirange', 'other'),
    sample(
      "ARRAY['{[2024-02-29,2024-03-01)}'::datemultirange]",
      '{"{[2024-02-29,2024-03-01)}"}',
      'datemultirange[]',
      'array',
    ),
    sample("'infinity'::numeric", 'Infinity', 'numeric', 'decimal'),
  ],
  17: [sample("'infinity'::interval", 'infinity', 'interval', 'interval')],
};

const newerValues = (major: number): readonly ValueSample[] =>
  Object.entries(NEWER_VALUES).flatMap(([since, samples]) => (major >= Number(since) ? samples : []));

interface Server {
  readonly name: string;
  /** A superuser's URL of the server itself. */
  readonly url: () => string;
  /** What the connector goes through, where it is not the server. */
  readonly through?: () => string;
  /** The server has to be this one. */
  readonly major?: number;
}

const engineOf = ({ name, url: serverUrl, through = serverUrl, major }: Server): Engine => ({
  name,
  dialect: 'postgres',
  async start(): Promise<Fixture> {
    const database = `custard_connector_${randomBytes(6).toString('hex')}`;
    const url = withDatabase(through(), database);
    const admin = await connectTo(serverUrl());
    const version = await majorOf(admin);
    if (major !== undefined && major !== version) throw new Error(`This is PostgreSQL ${version}, not ${major}.`);
    await admin.query(`CREATE DATABASE ${database}`);
    const owner = await connectTo(withDatabase(serverUrl(), database));
    await owner.query(`${SCHEMA} CREATE SEQUENCE counter`);
    for (const row of CUSTOMERS) await owner.query('INSERT INTO customer VALUES ($1, $2, $3, $4)', [...row]);
    await owner.query(`INSERT INTO "order" VALUES (1, 1, 12.50, '2024-02-29 12:00:00+00')`);
    const connector = await openConnector(parseDatabaseUrl(url));
    const execute = async (sql: string) => void (await owner.query(sql));
    return {
      connector,
      statements: sqlStatements(),
      ...maskParts(execute, MASKED_VALUES['postgres'] ?? []),
      elsewhere: runElsewhere(url),
      wrong: {
        unreachable: connectorOf(url, (changed) => {
          changed.port = '1';
        }),
        missing: connectorOf(url, (changed) => {
          changed.pathname = '/custard_nowhere';
        }),
        password: connectorOf(url, (changed) => {
          changed.username = 'custard_nobody';
          changed.password = encodeURIComponent(WRONG_PASSWORD);
        }),
      },
      schema: 'public',
      url,
      values: [...VALUES, ...newerValues(version)],
      writes: WRITES,
      failures: FAILURES,
      execute,
      endless: 'SELECT count(*) FROM generate_series(1, 1000000000000) a WHERE a < 0',
      series: (rows, width = 100) => `SELECT n, repeat('x', ${width}) AS filler FROM generate_series(1, ${rows}) n`,
      wideText: (characters) => `SELECT repeat('ü', ${characters}) AS wide`,
      // Those before 14 do not look after their clients while they compute.
      ...(version < 14 ? { orphanMs: 2_000 } : {}),
      running: async () => {
        const { rows } = await admin.query(
          "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND application_name = 'custard' AND state <> 'idle'",
          [database],
        );
        return rows.length;
      },
      stop: async () => {
        await connector.close();
        await owner.end();
        await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
        await admin.end();
      },
    };
  },
});

export const postgresEngine = engineOf({ name: 'postgres', url: postgresUrl });

/** In transaction mode, before the installed one. */
export const pgbouncerEngine = engineOf({
  name: 'postgres (PgBouncer)',
  url: postgresUrl,
  through: () => fromScripts('CUSTARD_TEST_PGBOUNCER_URL'),
});

/** Other versions than the installed one: of `13=postgres://… 18=postgres://…`; none where it is empty, which nobody gets who did not ask for it. */
export function versionEngines(): readonly Engine[] {
  const given = process.env['CUSTARD_TEST_POSTGRES_VERSION_URLS'];
  if (given === undefined) {
    return [
      engineOf({ name: 'postgres of other versions', url: () => fromScripts('CUSTARD_TEST_POSTGRES_VERSION_URLS') }),
    ];
  }
  const versions = given.split(/\s+/).filter((entry) => entry !== '');
  if (versions.length === 0) console.warn('NOT TESTED: PostgreSQL of other versions than the installed one.');
  return versions.map((entry) => {
    const [version = ''] = entry.split('=', 1);
    return engineOf({
      name: `postgres ${version}`,
      major: Number(version),
      url: () => entry.slice(version.length + 1),
    });
  });
}

export function fromScripts(name: string): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  throw new Error(`${name} is not set: run ./scripts/test, which starts what it names.`);
}

async function majorOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ readonly version: string }>(
    "SELECT current_setting('server_version_num') AS version",
  );
  return Math.floor(Number(rows[0]?.version) / 10_000);
}

export async function connectTo(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
