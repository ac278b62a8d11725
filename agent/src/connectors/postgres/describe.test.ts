import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import type { Fixture } from '../testing/engine.ts';
import { connectTo, postgresEngine } from '../testing/postgres-engine.ts';
import { wholeSchema } from '../whole-schema.ts';

const never = new AbortController().signal;

const OBJECTS = `
  CREATE SCHEMA sales; CREATE SCHEMA hidden;
  CREATE TYPE sales.status AS ENUM ('new', 'PAID');
  CREATE DOMAIN sales.email AS varchar(90);
  CREATE TABLE sales.region (
    country char(2), code text, "Größe" numeric(12,3) DEFAULT 0, tags text[], mood sales.status, mail sales.email,
    at timestamptz(3), extra jsonb, dropped int, PRIMARY KEY (country, code), UNIQUE (code, mood));
  ALTER TABLE sales.region DROP COLUMN dropped;
  CREATE UNIQUE INDEX ON sales.region (mail);
  CREATE UNIQUE INDEX ON sales.region (tags) WHERE mood = 'new';
  CREATE UNIQUE INDEX ON sales.region (lower(code));
  COMMENT ON TABLE sales.region IS 'Where we sell';
  COMMENT ON COLUMN sales.region.at IS 'When it began';
  CREATE TABLE sales.store (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, country char(2), code text,
    boss int REFERENCES sales.store, FOREIGN KEY (country, code) REFERENCES sales.region (country, code));
  CREATE TABLE sales.event (id int, day date NOT NULL, name text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
  CREATE TABLE sales.event_2024 PARTITION OF sales.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE sales.event_2025 PARTITION OF sales.event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE sales.ticket (id int PRIMARY KEY, event int, day date, FOREIGN KEY (event, day) REFERENCES sales.event);
  CREATE MATERIALIZED VIEW sales.per_country AS SELECT country, count(*) AS stores FROM sales.store GROUP BY country;
  CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere;
  CREATE FOREIGN TABLE sales.far_away (a int) SERVER far;
  CREATE TABLE hidden.secret (id int, word text);
  CREATE TABLE sales.partly (open text, closed text);
  INSERT INTO sales.region VALUES ('DE', 'BER', 1, '{}', 'PAID', 'Shop@Example.org');
  INSERT INTO sales.event SELECT n, '2024-01-01'::date + n % 700, 'Party' FROM generate_series(1, 500) n;
  INSERT INTO sales.partly VALUES ('Openword', 'Closedword');
  INSERT INTO hidden.secret VALUES (1, 'Secretword');
  ANALYZE sales.region, sales.event;`;

let fixture: Fixture;
let admin: Client;
let role: string;

beforeAll(async () => {
  fixture = await postgresEngine.start();
  admin = await connectTo(fixture.url);
  await admin.query(OBJECTS);
  role = `custard_reader_${process.pid}`;
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reader';
    GRANT USAGE ON SCHEMA sales TO ${role}; GRANT SELECT ON sales.region TO ${role}; GRANT SELECT (open) ON sales.partly TO ${role};
    GRANT SELECT ON hidden.secret TO ${role}; ALTER ROLE ${role} SET search_path = sales, public`);
});
afterAll(async () => {
  await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await admin.end();
  await fixture.stop();
});

const find = (schema: DatabaseSchema, wanted: string): SchemaTable | undefined =>
  schema.tables.find(({ schema: home, name }) => `${home}.${name}` === wanted);

const columnsOf = (table: SchemaTable | undefined) => table?.columns.map(({ name, type, kind }) => [name, type, kind]);

describe('describing PostgreSQL', () => {
  it('lists every kind of relation, partitions under their parent, nothing of the system', async () => {
    const schema = await wholeSchema(fixture.connector, { signal: never });
    const listed = schema.tables.map(({ schema: home, name, kind, rowEstimate }) => [
      `${home}.${name}`,
      kind,
      rowEstimate,
    ]);
    expect(listed).toEqual([
      ['hidden.secret', 'table', null],
      ['public.big_spender', 'view', null],
      ['public.customer', 'table', null],
      ['public.order', 'table', null],
      ['sales.event', 'table', 500],
      ['sales.far_away', 'foreign table', null],
      ['sales.partly', 'table', null],
      ['sales.per_country', 'materialized view', null],
      ['sales.region', 'table', 1],
      ['sales.store', 'table', null],
      ['sales.ticket', 'table', null],
    ]);
    expect(schema.defaultSchemas).toEqual(['public']);
    expect(schema.version).toMatch(/^\d+/);
  });

  it('gives columns with type, kind, comment and whether they may be null', async () => {
    const region = find(await wholeSchema(fixture.connector, { signal: never }), 'sales.region');
    expect(columnsOf(region)).toEqual([
      ['country', 'character(2)', 'text'],
      ['code', 'text', 'text'],
      ['Größe', 'numeric(12,3)', 'decimal'],
      ['tags', 'text[]', 'array'],
      ['mood', 'sales.status', 'text'],
      ['mail', 'sales.email', 'text'],
      ['at', 'timestamp(3) with time zone', 'timestamp'],
      ['extra', 'jsonb', 'json'],
    ]);
    expect(region?.comment).toBe('Where we sell');
    expect(region?.columns.filter(({ nullable }) => !nullable).map(({ name }) => name)).toEqual(['country', 'code']);
    expect(region?.columns.filter(({ comment }) => comment !== null)).toMatchObject([
      { name: 'at', comment: 'When it began' },
    ]);
  });

  it('gives keys of several columns, to oneself and to partitioned tables, and unique indexes over all rows only', async () => {
    const schema = await wholeSchema(fixture.connector, { signal: never });
    const region = find(schema, 'sales.region');
    expect(region?.primaryKey).toEqual(['country', 'code']);
    expect(region?.uniqueKeys).toEqual([['code', 'mood'], ['mail']]);
    expect(find(schema, 'sales.store')?.foreignKeys).toEqual([
      { columns: ['boss'], references: { schema: 'sales', table: 'store', columns: ['id'] } },
      { columns: ['country', 'code'], references: { schema: 'sales', table: 'region', columns: ['country', 'code'] } },
    ]);
    expect(find(schema, 'sales.ticket')?.foreignKeys).toEqual([
      { columns: ['event', 'day'], references: { schema: 'sales', table: 'event', columns: ['id', 'day'] } },
    ]);
  });

  it('says what the role may not read, and finds values only where it may', async () => {
    const settings = parseDatabaseUrl(fixture.url);
    if (settings.dialect !== 'postgres') throw new Error('No PostgreSQL URL.');
    const connector = await openConnector({ ...settings, user: role, password: 'reader' });
    try {
      const schema = await wholeSchema(connector, { signal: never });
      const readable = schema.tables.filter((table) => table.readable).map(({ name }) => name);
      expect(readable).toEqual(['partly', 'region']);
      expect(columnsOf(find(schema, 'sales.partly'))).toEqual([['open', 'text', 'text']]);
      expect(schema.defaultSchemas).toEqual(['sales', 'public']);
      const texts = ['openword', 'closedword', 'secretword', 'paid', 'shop@example.ORG', 'ber'];
      const found = await connector.findValues({ texts, skip: () => false, signal: never });
      expect(new Set(found.map(({ text, column, value }) => `${text} ${column} ${value}`))).toEqual(
        new Set(['ber code BER', 'openword open Openword', 'paid mood PAID', 'shop@example.ORG mail Shop@Example.org']),
      );
    } finally {
      await connector.close();
    }
  });

  it('finds each spelling once, also in partitions, and treats texts as texts', async () => {
    const texts = ['party', "x'; DROP TABLE customer; --", '{"a"}', '\0', '\\'];
    const found = await fixture.connector.findValues({ texts, skip: () => false, signal: never });
    expect(found).toEqual([{ text: 'party', schema: 'sales', table: 'event', column: 'name', value: 'Party' }]);
  });
});
