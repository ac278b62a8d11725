import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePolicy } from '#core/policy/parse-policy.ts';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import { describeWithin } from '../../policy/restrict-schema.ts';
import { WHOLE_SCHEMA } from '../../schema-filter.ts';
import type { Connector } from '../connector.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import type { Fixture } from '../testing/engine.ts';
import { connectTo, postgresEngine } from '../testing/postgres-engine.ts';
import { wholeSchema } from '../whole-schema.ts';

const never = new AbortController().signal;
const LONG = 'n'.repeat(63);

const OBJECTS = `
  CREATE SCHEMA parts; CREATE SCHEMA shut;
  CREATE TABLE parts.log (id int, at date, region text) PARTITION BY RANGE (at);
  CREATE TABLE parts.log_2024 PARTITION OF parts.log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
    PARTITION BY LIST (region);
  CREATE TABLE parts.log_2024_eu PARTITION OF parts.log_2024 FOR VALUES IN ('eu');
  CREATE TABLE parts.log_2024_us PARTITION OF parts.log_2024 FOR VALUES IN ('us');
  CREATE TABLE shut.log_2025 PARTITION OF parts.log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  INSERT INTO parts.log SELECT n, '2024-02-01', 'eu' FROM generate_series(1, 300) n;
  INSERT INTO parts.log SELECT n, '2025-02-01', 'us' FROM generate_series(1, 200) n;
  CREATE TABLE parts.reading (id int PRIMARY KEY, v float);
  CREATE TABLE parts.reading_a () INHERITS (parts.reading); CREATE TABLE parts.reading_b () INHERITS (parts.reading);
  CREATE TABLE parts.reading_more (unit text) INHERITS (parts.reading);
  INSERT INTO parts.reading SELECT n, n FROM generate_series(1, 10) n;
  INSERT INTO parts.reading_a SELECT n, n FROM generate_series(1, 20) n;
  CREATE TABLE parts.closed_whole (id int, at int) PARTITION BY LIST (at);
  CREATE TABLE parts.open_part PARTITION OF parts.closed_whole FOR VALUES IN (1);
  CREATE TABLE parts.shut_part PARTITION OF parts.closed_whole FOR VALUES IN (2);
  CREATE DOMAIN parts.positive AS int CHECK (VALUE > 0);
  CREATE DOMAIN parts.rank AS parts.positive NOT NULL;
  CREATE TYPE parts.mood AS ENUM ('sad', 'it''s ok', 'Happy'); CREATE DOMAIN parts.feeling AS parts.mood;
  CREATE TYPE parts.pair AS (a int, b text);
  CREATE TABLE parts."Ünusual ""Name""" (
    "ID" int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, twice int GENERATED ALWAYS AS (id_base * 2) STORED, id_base int,
    r parts.rank, f parts.feeling, m parts.mood[], p parts.pair, "${LONG}" text);
  CREATE TABLE parts.nothing ();
  CREATE TABLE parts.late (id int PRIMARY KEY, other int UNIQUE DEFERRABLE INITIALLY DEFERRED,
    up int REFERENCES parts.late DEFERRABLE INITIALLY DEFERRED);
  CREATE TEMP TABLE mine (id int);
  CREATE TABLE shut.letter (id int);
  CREATE TABLE parts.guarded (id int, owner text); ALTER TABLE parts.guarded ENABLE ROW LEVEL SECURITY;
  CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
  COMMENT ON VIEW big_spender IS 'Who spends'; COMMENT ON COLUMN big_spender.name IS 'In full';
  ANALYZE parts.log, parts.log_2024, parts.log_2024_eu, parts.log_2024_us, shut.log_2025, parts.reading, parts.reading_a;`;

let fixture: Fixture;
let admin: Client;
let reader: Connector;
const role = `custard_catalogs_${process.pid}`;

beforeAll(async () => {
  fixture = await postgresEngine.start();
  admin = await connectTo(fixture.url);
  await admin.query(OBJECTS);
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA parts TO ${role};
    GRANT SELECT ON parts.log, parts.open_part, parts.guarded TO ${role}; GRANT SELECT ON shut.letter TO ${role}`);
  const settings = parseDatabaseUrl(fixture.url);
  if (settings.dialect !== 'postgres') throw new Error('No PostgreSQL URL.');
  reader = await openConnector({ ...settings, user: role, password: 'reader' });
});
afterAll(async () => {
  await reader?.close();
  await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await admin.end();
  await fixture.stop();
});

const read = (connector = fixture.connector, schemas: string[] | null = null): Promise<DatabaseSchema> =>
  wholeSchema(connector, { schemas, signal: never });
const named = ({ tables }: DatabaseSchema, wanted: string): SchemaTable | undefined =>
  tables.find(({ name }) => name === wanted);

describe("PostgreSQL's catalogs", () => {
  it('fold partitions of all levels and of other schemas, and children with no columns of their own', async () => {
    const schema = await read();
    expect(named(schema, 'log')).toMatchObject({ partitions: 3, rowEstimate: 500 });
    expect(named(schema, 'reading')).toMatchObject({ partitions: 3, rowEstimate: 30 });
    const names = schema.tables.map(({ name }) => name).filter((name) => /^(log|reading)/.test(name));
    expect(names).toEqual(['log', 'reading', 'reading_more']);
  });

  it('list a part that may be read while the whole may not', async () => {
    const schema = await read(reader);
    expect(named(schema, 'closed_whole')?.readable).toBe(false);
    expect(named(schema, 'open_part')?.readable).toBe(true);
    expect(named(schema, 'shut_part')).toBeUndefined();
    expect(named(schema, 'log')).toMatchObject({ readable: true, partitions: 3 });
  });

  it('say of what is in a schema without USAGE that it may not be read, and of what has row level security that it may', async () => {
    const schema = await read(reader);
    expect(named(schema, 'letter')?.readable).toBe(false);
    expect(named(schema, 'guarded')?.readable).toBe(true);
  });

  it('tell domains of domains, the values of enums, and odd names', async () => {
    const table = named(await read(), 'Ünusual "Name"');
    expect(table?.columns.map(({ name, kind, nullable, values }) => [name, kind, nullable, values])).toEqual([
      ['ID', 'integer', false, undefined],
      ['twice', 'integer', true, undefined],
      ['id_base', 'integer', true, undefined],
      ['r', 'integer', false, undefined],
      ['f', 'text', true, ['sad', "it's ok", 'Happy']],
      ['m', 'array', true, undefined],
      ['p', 'other', true, undefined],
      [LONG, 'text', true, undefined],
    ]);
    expect(table?.primaryKey).toEqual(['ID']);
  });

  it('tell keys that are deferred, tables without columns, and comments on views', async () => {
    const schema = await read();
    expect(named(schema, 'late')).toMatchObject({ uniqueKeys: [['other']], foreignKeys: [{ columns: ['up'] }] });
    expect(named(schema, 'nothing')).toMatchObject({ columns: [], readable: true });
    const view = named(schema, 'big_spender');
    expect([view?.comment, view?.columns.find(({ name }) => name === 'name')?.comment]).toEqual([
      'Who spends',
      'In full',
    ]);
  });

  it('leave temporary tables and those of extensions out', async () => {
    const names = (await read()).tables.map(({ name }) => name);
    expect(names.filter((name) => ['mine', 'pg_stat_statements'].includes(name))).toEqual([]);
  });

  it('are told under the policy of what a table is a part of', async () => {
    const text =
      'version: 1\ntables:\n  deny: [parts.closed_whole]\nmasks:\n  - columns: [parts.reading.v]\n    show: hash\n';
    const tables: SchemaTable[] = [];
    const within = { policy: parsePolicy(text, 'policy.yaml'), filter: WHOLE_SCHEMA, signal: never };
    await describeWithin(fixture.connector, within, (page) => tables.push(...page.tables));
    const more = tables.find(({ name }) => name === 'reading_more');
    expect(more?.columns.map(({ name, masked }) => [name, masked])).toEqual([
      ...[
        ['id', undefined],
        ['v', 'hash'],
        ['unit', undefined],
      ],
    ]);
    tables.length = 0;
    await describeWithin(reader, within, (page) => tables.push(...page.tables));
    expect(tables.map(({ name }) => name).filter((name) => /_part|closed/.test(name))).toEqual([]);
  });

  it('are looked at within the schemas that are named', async () => {
    const schema = await read(fixture.connector, ['shut', 'none']);
    expect(schema.tables.map(({ name }) => name)).toEqual(['letter']);
  });
});
