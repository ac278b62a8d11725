import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaTable } from '#core/schema.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import type { Fixture } from '../testing/engine.ts';
import { connectTo, mariadbEngine } from '../testing/mysql-engines.ts';
import { wholeSchema } from '../whole-schema.ts';

const never = new AbortController().signal;
const USER = `custard_catalog_${process.pid}`;

const OBJECTS = [
  `CREATE TABLE log (id int, at date) PARTITION BY RANGE (YEAR(at))
   (PARTITION p1 VALUES LESS THAN (2024), PARTITION p2 VALUES LESS THAN (2025), PARTITION p3 VALUES LESS THAN MAXVALUE)`,
  `CREATE TABLE \`Mixed\` (a int, first_of_upper int)`,
  `CREATE TABLE mixed (a int, first_of_lower int)`,
  `CREATE TABLE choice (id int PRIMARY KEY COMMENT 'Its number', size enum('s', 'it''s, big') NOT NULL, tags set('x', 'y'),
   long_text varchar(200), other int, UNIQUE (long_text(20)), UNIQUE both_of (other, size)) COMMENT 'What one can choose'`,
  'CREATE VIEW choices AS SELECT id, size FROM choice',
  'CREATE TABLE gone (a int)',
  'CREATE VIEW broken AS SELECT a FROM gone',
  'DROP TABLE gone',
  'CREATE TABLE `odd ``name`` 日本` (`der Schlüssel` int)',
];

let fixture: Fixture;
let admin: Connection;
let tables: Map<string, SchemaTable>;

beforeAll(async () => {
  fixture = await mariadbEngine.start();
  admin = await connectTo(fixture.url);
  for (const sql of OBJECTS) await admin.query(sql);
  const schema = await wholeSchema(fixture.connector, { signal: never });
  tables = new Map(schema.tables.map((table) => [table.name, table]));
});
afterAll(async () => {
  await admin.query(`DROP USER IF EXISTS '${USER}'@'%'`);
  await admin.end();
  await fixture.stop();
});

describe("MariaDB's catalogue", () => {
  it('has partitioned tables once, with the number of their parts', () => {
    expect(tables.get('log')).toMatchObject({ kind: 'table', partitions: 3 });
    expect(tables.get('choice')).not.toHaveProperty('partitions');
  });

  it('keeps tables apart whose names differ in the case of a letter', () => {
    const names = (table: string) => tables.get(table)?.columns.map(({ name }) => name);
    expect([names('Mixed'), names('mixed')]).toEqual([
      ['a', 'first_of_upper'],
      ['a', 'first_of_lower'],
    ]);
  });

  it('tells comments, the values of enums, and keys over whole columns only', () => {
    const choice = tables.get('choice');
    expect(choice).toMatchObject({
      comment: 'What one can choose',
      primaryKey: ['id'],
      uniqueKeys: [['other', 'size']],
    });
    expect(choice?.columns.slice(0, 3).map(({ comment, values }) => [comment, values])).toEqual([
      ['Its number', undefined],
      [null, ['s', "it's, big"]],
      [null, undefined],
    ]);
  });

  it('has views, broken ones too, and names of any letters', () => {
    expect(tables.get('choices')).toMatchObject({ kind: 'view', comment: null, rowEstimate: null });
    expect(tables.get('broken')?.kind).toBe('view');
    expect(tables.get('odd `name` 日本')?.columns.map(({ name }) => name)).toEqual(['der Schlüssel']);
  });

  it('says what an account may not read, and of what it may read in part only that', async () => {
    const settings = parseDatabaseUrl(fixture.url);
    if (settings.dialect !== 'mariadb') throw new Error('No MariaDB URL.');
    await admin.query(`CREATE USER '${USER}'@'%' IDENTIFIED BY 'reader'`);
    await admin.query(`GRANT SELECT (id) ON choice TO '${USER}'@'%'`);
    await admin.query(`GRANT INSERT ON log TO '${USER}'@'%'`);
    const connector = await openConnector({ ...settings, user: USER, password: 'reader' });
    try {
      const seen = (await wholeSchema(connector, { signal: never })).tables;
      expect(seen.map(({ name, readable, columns }) => [name, readable, columns.length])).toEqual([
        ['choice', true, 1],
        ['log', false, 2],
      ]);
    } finally {
      await connector.close();
    }
  });

  it('is looked at within the schemas that are named', async () => {
    const { tables: none } = await wholeSchema(fixture.connector, { schemas: ['another'], signal: never });
    expect(none).toEqual([]);
  });
});
