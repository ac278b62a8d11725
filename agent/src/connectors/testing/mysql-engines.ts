import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import { mariadbUrl } from '#core/testing/mariadb-url.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { WRONG_PASSWORD } from './contract/connection-cases.ts';
import { sqlStatements } from './contract/sql-statements.ts';
import { CUSTOMERS, type Engine, type Failure, type Fixture, type ValueSample } from './engine.ts';
import { MASKED_VALUES } from './masked-values.ts';
import { connectorOf, maskParts, runElsewhere } from './owner-sql.ts';

/** What is different between the two servers. */
interface Flavour {
  readonly name: 'mariadb' | 'mysql';
  readonly title: string;
  readonly url: () => string;
  /** Columns of `typed` and their values, beside those that both have. */
  readonly types: string;
  readonly cells: string;
  readonly more: string;
  readonly values: readonly ValueSample[];
  readonly writes: readonly string[];
  readonly series: Fixture['series'];
  readonly endless: string;
}

const schemaOf = ({ types, cells, more }: Flavour): string => `
  CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200) NOT NULL, email varchar(80) UNIQUE, note text);
  CREATE TABLE "order" (
    id int PRIMARY KEY, customer_id bigint NOT NULL, total decimal(10,2), placed_at datetime,
    FOREIGN KEY (customer_id) REFERENCES customer (id));
  CREATE VIEW big_spender AS SELECT c.id, c.name FROM customer c JOIN "order" o ON o.customer_id = c.id;
  CREATE TABLE typed (
    b boolean, ti tinyint, tu tinyint unsigned, si smallint, mi mediumint, i int, iu int unsigned, bi bigint,
    bu bigint unsigned, z int(5) zerofill, de decimal(38,10), f float, d double, bt bit(10), y year, da date, tm time(6),
    dt datetime(3), ts timestamp(6) NULL, c char(4), bn binary(3), vb varbinary(9), tx text, bl blob,
    en enum('sad', 'happy'), se set('x', 'y'), j json${types});
  INSERT INTO typed VALUES (
    true, -128, 255, -32768, -8388608, -2147483648, 4294967295, -9223372036854775808,
    18446744073709551615, 42, 1234567890123456789012345678.0123456789, 0.1, -1e-300, b'1000000001', 2024, '0000-00-00',
    '-838:59:59.000000', '2024-02-29 12:00:00.123', '2024-02-29 12:00:00.123456', 'ab', x'00ff', x'', 'Grüße', x'00ff5c22',
    'happy', 'x,y', '{"a": 1}'${cells});
  ${more}`;

const sample = (sql: string, cell: ValueSample['cell'], type: string, kind: ValueSample['kind']): ValueSample => ({
  sql,
  cell,
  type,
  kind,
});
const typed = (column: string, cell: ValueSample['cell'], type: string, kind: ValueSample['kind']): ValueSample =>
  sample(`${column} FROM typed`, cell, type, kind);

const VALUES: readonly ValueSample[] = [
  typed('b', 1, 'tinyint', 'boolean'),
  typed('ti', -128, 'tinyint', 'integer'),
  typed('tu', 255, 'tinyint unsigned', 'integer'),
  typed('si', -32768, 'smallint', 'integer'),
  typed('mi', -8388608, 'mediumint', 'integer'),
  typed('i', -2147483648, 'int', 'integer'),
  typed('iu', 4294967295, 'int unsigned', 'integer'),
  typed('bi', '-9223372036854775808', 'bigint', 'integer'),
  typed('bu', '18446744073709551615', 'bigint unsigned', 'integer'),
  typed('z', '00042', 'int unsigned', 'integer'),
  typed('de', '1234567890123456789012345678.0123456789', 'decimal', 'decimal'),
  typed('f', 0.1, 'float', 'float'),
  typed('d', -1e-300, 'double', 'float'),
  sample('0.1e0 + 0.2e0', 0.30000000000000004, 'double', 'float'),
  typed('bt', '\\x0201', 'bit', 'binary'),
  typed('y', 2024, 'year', 'integer'),
  typed('da', '0000-00-00', 'date', 'date'),
  typed('tm', '-838:59:59.000000', 'time', 'time'),
  typed('dt', '2024-02-29 12:00:00.123', 'datetime', 'timestamp'),
  typed('ts', '2024-02-29 12:00:00.123456', 'timestamp', 'timestamp'),
  typed('c', 'ab', 'char', 'text'),
  typed('bn', '\\x00ff00', 'binary', 'binary'),
  typed('vb', '\\x', 'varbinary', 'binary'),
  typed('tx', 'Grüße', 'text', 'text'),
  typed('bl', '\\x00ff5c22', 'blob', 'binary'),
  typed('en', 'happy', 'enum', 'text'),
  typed('se', 'x,y', 'set', 'text'),
  typed('j', '{"a": 1}', 'json', 'json'),
  sample('NULL', null, 'null', 'other'),
  sample("''", '', 'varchar', 'text'),
  sample("x'00ff'", '\\x00ff', 'varbinary', 'binary'),
  sample("'Grüße 陳大文 🦆 \u2028'", 'Grüße 陳大文 🦆 \u2028', 'varchar', 'text'),
  sample(
    `'tab\\t nl\\n cr\\r bs\\b \u0001 \u001f " \\\\ / \\0'`,
    'tab\t nl\n cr\r bs\b \x01 \x1f " \\ / \0',
    'varchar',
    'text',
  ),
];

const WRITES = [
  "INSERT INTO customer VALUES (9, 'x', 'x', NULL)",
  'CREATE TABLE made (a int)',
  'CREATE TABLE made AS SELECT 1 AS a',
  'CREATE TEMPORARY TABLE made (a int)',
  'TRUNCATE `order`',
  'DROP VIEW big_spender',
  'ALTER TABLE customer ADD COLUMN made int',
  'DELETE FROM `order`',
  'REPLACE INTO `order` VALUES (1, 1, 1, NULL)',
];

const FAILURES: readonly Failure[] = [
  { sql: 'SELECT 1,\n  2 FROM nowhere', code: 'RELATION_NOT_FOUND' },
  { sql: "SELECT '🦆', nothing FROM customer", code: 'COLUMN_NOT_FOUND' },
  { sql: 'SELECT 9223372036854775807 + 1', code: 'QUERY_FAILED' },
  { sql: 'SELEC 1', code: 'STATEMENT_INVALID', line: 1, column: 1 },
  { sql: "SELECT '🦆',\n 2 FRO customer WHERE", code: 'STATEMENT_INVALID', line: 2, column: 8 },
  { sql: 'SELECT 1; SELECT 2', code: 'STATEMENT_INVALID' },
  { sql: 'SELECT 1\0; SELECT 2', code: 'STATEMENT_INVALID' },
];

const COUNTING =
  'CREATE FUNCTION counting() RETURNS int BEGIN INSERT INTO "order" VALUES (99, 1, 1, NULL); RETURN 1; END;';

const MARIADB: Flavour = {
  name: 'mariadb',
  title: 'mariadb',
  url: mariadbUrl,
  types: ', u uuid, a6 inet6, p point',
  cells: ", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '::1', point(1, 2)",
  more: `CREATE SEQUENCE counter; ${COUNTING}`,
  values: [
    ...VALUES,
    sample('true', 1, 'int', 'integer'),
    typed('u', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'uuid', 'uuid'),
    typed('a6', '::1', 'inet6', 'text'),
    typed('p', '\\x000000000101000000000000000000f03f0000000000000040', 'point', 'binary'),
  ],
  writes: [
    ...WRITES,
    'SET STATEMENT tx_read_only = 0 FOR DELETE FROM `order`',
    'SELECT nextval(counter)',
    'SELECT counting()',
  ],
  series: (rows, width = 100) => `SELECT seq AS n, repeat('x', ${width}) AS filler FROM seq_1_to_${rows}`,
  endless: 'SELECT count(*) FROM seq_1_to_1000000000 a JOIN seq_1_to_1000000000 b WHERE a.seq + b.seq < 0',
};

const DIGITS = Array.from({ length: 1_000 }, (_, index) => `SELECT ${index} AS d`).join(' UNION ALL ');

const MYSQL: Flavour = {
  name: 'mysql',
  title: 'mysql (real)',
  url: () => process.env['CUSTARD_TEST_MYSQL_URL'] ?? '',
  types: ', p point',
  cells: ', point(1, 2)',
  more: `CREATE TABLE thousand AS ${DIGITS}; ${COUNTING.replace('RETURNS int', 'RETURNS int READS SQL DATA')}`,
  values: [
    ...VALUES,
    sample('true', '1', 'bigint', 'integer'),
    typed('p', '\\x000000000101000000000000000000f03f0000000000000040', 'geometry', 'binary'),
  ],
  writes: [...WRITES, 'SELECT counting()'],
  series: (rows, width = 100) =>
    `WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${rows})
     SELECT /*+ SET_VAR(cte_max_recursion_depth = 100000000) */ n, repeat('x', ${width}) AS filler FROM c`,
  endless: 'SELECT count(*) FROM thousand a, thousand b, thousand c, thousand e WHERE a.d + b.d + c.d + e.d < 0',
};

const engineOf = (flavour: Flavour): Engine => ({
  name: flavour.title,
  dialect: flavour.name,
  async start(): Promise<Fixture> {
    const { values, writes, series, endless } = flavour;
    const server = flavour.url().replace(/\/+$/, '');
    const database = `custard_connector_${randomBytes(6).toString('hex')}`;
    const admin = await connectTo(server);
    await admin.query(`CREATE DATABASE ${database}`);
    const url = `${server}/${database}`;
    const owner = await connectTo(url);
    // Names and texts as in the other engines' statements, and dates that are none.
    await owner.query("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone = '+00:00'");
    // A text of MySQL's ends at 64 KiB.
    const execute = async (sql: string) => void (await owner.query(sql.replaceAll(/\btext\b(?=[,)])/g, 'longtext')));
    await execute(schemaOf(flavour));
    for (const row of CUSTOMERS) await owner.execute('INSERT INTO customer VALUES (?, ?, ?, ?)', [...row]);
    await owner.query(`INSERT INTO "order" VALUES (1, 1, 12.50, '2024-02-29 12:00:00')`);
    const connector = await openConnector(parseDatabaseUrl(url));
    await connector.ping({ signal: new AbortController().signal });
    return {
      ...{ connector, url, values, writes, series, endless, execute },
      schema: database,
      statements: sqlStatements(inBackticks),
      ...maskParts(execute, MASKED_VALUES[flavour.name] ?? []),
      elsewhere: runElsewhere(url),
      wrong: {
        unreachable: connectorOf(url, (changed) => {
          changed.port = '1';
        }),
        missing: connectorOf(url, (changed) => {
          changed.pathname = '/custard_nowhere';
        }),
        password: connectorOf(url, (changed) => {
          changed.password = encodeURIComponent(WRONG_PASSWORD);
        }),
      },
      // MariaDB and MySQL look whether a client is there only when they write to it.
      orphanMs: 2_000,
      failures: FAILURES,
      wideText: (characters) => `SELECT repeat('ü', ${characters}) AS wide`,
      running: async () => {
        const [rows] = await admin.query<mysql.RowDataPacket[]>('SHOW PROCESSLIST');
        return rows.filter(
          (row) =>
            row['db'] === database && !['Sleep', 'Killed'].includes(row['Command']) && row['Id'] !== owner.threadId,
        ).length;
      },
      stop: async () => {
        await connector.close();
        await owner.end();
        await admin.query(`DROP DATABASE ${database}`);
        await admin.end();
      },
    };
  },
});

const inBackticks = (sql: string): string =>
  sql.replaceAll(/"((?:[^"]|"")*)"/g, (_, name: string) => `\`${name.replaceAll('""', '"').replaceAll('`', '``')}\``);

export const mariadbEngine = engineOf(MARIADB);

/** A MySQL of one's own, which nobody has to have. */
export function mysqlEngines(): readonly Engine[] {
  if (process.env['CUSTARD_TEST_MYSQL_URL'] !== undefined) return [engineOf(MYSQL)];
  console.warn('NOT TESTED: MySQL itself, as CUSTARD_TEST_MYSQL_URL is not set. MariaDB is tested.');
  return [];
}

export async function connectTo(url: string): Promise<mysql.Connection> {
  const { hostname, port, username, password, pathname } = new URL(url);
  return await mysql.createConnection({
    host: hostname,
    port: Number(port),
    user: username,
    password: decodeURIComponent(password),
    multipleStatements: true,
    ...(pathname.length > 1 ? { database: pathname.slice(1) } : {}),
  });
}
