import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import type { Connector } from '#agent/connectors/connector.ts';
import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { openConnector } from '#agent/connectors/registry.ts';
import { connectTo } from '#agent/connectors/testing/mysql-engines.ts';
import { wholeSchema } from '#agent/connectors/whole-schema.ts';
import { builtinWriter } from '#control-plane/answering/builtin/builtin-writer.ts';
import { SHOP_QUESTIONS } from '#control-plane/answering/builtin/golden/shop-questions.ts';
import { SHOP } from '#control-plane/answering/builtin/testing/shop.sql.ts';
import { ask, openFixture } from '#control-plane/answering/builtin/testing/sqlite-fixture.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { DatabaseSchema } from '#core/schema.ts';
import { mariadbUrl } from '#core/testing/mariadb-url.ts';
import { Database } from './support/database.ts';
import { plainRows, rowsOf } from './support/planner-rows.ts';

const signal = AbortSignal.timeout(240_000);
const shop = openFixture(SHOP);
const writer = builtinWriter();

/** What differs in the script between the engines: the month of a date, keys within one INSERT, booleans. */
const script = (month: string): string =>
  SHOP.replace('substr(ordered_at, 1, 7)', month).replaceAll(
    /((?:manager|parent)_id INTEGER) REFERENCES \w+ \(id\)/g,
    '$1',
  );

const statements = (text: string): string[] =>
  text
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** Every question of the golden file: what is written passes the guard, runs, and comes to what SQLite comes to. */
async function expectSameResults(connector: Connector, dialect: 'postgres' | 'mariadb' | 'duckdb'): Promise<void> {
  const [guard, described] = [await loadGuard(dialect), await wholeSchema(connector, { signal })];
  const names = new Set(shop.schema.tables.map(({ name }) => name));
  const schema: DatabaseSchema = { ...described, tables: described.tables.filter(({ name }) => names.has(name)) };
  const home = new Map(schema.tables.map((table) => [table.name, table.schema]));
  const findValues = async (texts: readonly string[]) =>
    (await shop.findValues(texts)).map((hit) => ({ ...hit, schema: home.get(hit.table) ?? null }));
  let same = 0;
  for (const question of SHOP_QUESTIONS) {
    const draft = await writer.write({
      ...{ question, earlier: [], schema, today: '2026-11-21', findValues, rejected: [], egress: 'rows', signal },
    });
    const reference = await ask(writer, shop, question);
    if (draft.kind !== 'statement' || reference.kind !== 'statement') continue;
    expect(await guard.check(draft.sql), draft.sql).toMatchObject({ verdict: 'allow' });
    const rows = plainRows(await rowsOf(connector, draft.sql, signal));
    // Of rows that tie for the last place any may be shown: they have to be among those without a limit.
    const all = plainRows(shop.rows(reference.sql.replace(/\nLIMIT \d+$/, '')));
    const expected = all.filter((row) => all.length === rows.length || rows.includes(row));
    expect(rows, `${question}\n${draft.sql}`).toEqual(expected);
    same++;
  }
  expect(same).toBeGreaterThan(150);
}

test('PostgreSQL', { timeout: 120_000 }, async () => {
  await using database = await Database.create([], statements(script(`to_char(ordered_at, 'YYYY-MM')`)));
  const connector = await openConnector(parseDatabaseUrl(database.url));
  try {
    await expectSameResults(connector, 'postgres');
  } finally {
    await connector.close();
  }
});

test('MariaDB', { timeout: 120_000 }, async () => {
  const name = `custard_planner_${randomBytes(6).toString('hex')}`;
  const owner = await connectTo(mariadbUrl());
  await owner.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  await owner.query(`USE ${name}`);
  const url = new URL(mariadbUrl());
  url.pathname = `/${name}`;
  const connector = await openConnector(parseDatabaseUrl(url.href));
  try {
    const text = script(`date_format(ordered_at, '%Y-%m')`).replaceAll(' TIMESTAMP', ' DATETIME');
    for (const statement of statements(text)) await owner.query(statement);
    await expectSameResults(connector, 'mariadb');
  } finally {
    await connector.close();
    await owner.query(`DROP DATABASE ${name}`);
    await owner.end();
  }
});

test('DuckDB', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'custard-duckdb-'));
  const path = join(folder, 'shop.duckdb');
  const owner = await DuckDBInstance.create(path);
  const connection = await owner.connect();
  await connection.run(script(`strftime(ordered_at, '%Y-%m')`));
  connection.closeSync();
  owner.closeSync();
  const connector = await openConnector({ dialect: 'duckdb', path });
  try {
    await expectSameResults(connector, 'duckdb');
  } finally {
    await connector.close();
    await rm(folder, { recursive: true });
  }
});

test('Snowflake, as far as the guard can tell', { timeout: 60_000 }, async () => {
  const guard = await loadGuard('snowflake');
  const upper = (name: string): string => name.toUpperCase();
  const tables = shop.schema.tables.map((table) => ({
    ...{ ...table, schema: 'PUBLIC', name: upper(table.name), primaryKey: table.primaryKey.map(upper) },
    columns: table.columns.map((column) => ({ ...column, name: upper(column.name) })),
    foreignKeys: table.foreignKeys.map(({ columns, references }) => ({
      columns: columns.map(upper),
      references: { schema: 'PUBLIC', table: upper(references.table), columns: references.columns.map(upper) },
    })),
  }));
  const schema: DatabaseSchema = { ...shop.schema, dialect: 'snowflake', defaultSchemas: ['PUBLIC'], tables };
  const findValues = async (texts: readonly string[]) =>
    (await shop.findValues(texts)).map((hit) => ({
      ...{ ...hit, schema: 'PUBLIC', table: upper(hit.table), column: upper(hit.column) },
    }));
  let written = 0;
  for (const question of SHOP_QUESTIONS) {
    const draft = await writer.write({
      ...{ question, earlier: [], schema, today: '2026-11-21', findValues, rejected: [], egress: 'rows', signal },
    });
    if (draft.kind !== 'statement') continue;
    written++;
    expect(await guard.check(draft.sql), draft.sql).toMatchObject({ verdict: 'allow' });
  }
  expect(written).toBeGreaterThan(150);
});
