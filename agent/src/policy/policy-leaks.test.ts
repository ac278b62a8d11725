import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isCustardError } from '#core/errors.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import { parsePolicy } from '#core/policy/parse-policy.ts';
import { mariadbUrl } from '#core/testing/mariadb-url.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import type { Connector } from '../connectors/connector.ts';
import { parseDatabaseUrl } from '../connectors/database-url.ts';
import { openConnector } from '../connectors/registry.ts';
import { collect } from '../connectors/testing/collect.ts';
import { asOwner } from '../connectors/testing/duckdb-engine.ts';
import { connectTo as connectToMariadb } from '../connectors/testing/mysql-engines.ts';
import { connectTo } from '../connectors/testing/postgres-engine.ts';
import { PolicyGuard } from './policy-guard.ts';
import { arbitraryLeak } from './testing/arbitrary-leak.ts';

/**
 * Two databases that differ in nothing but what the policy protects: whatever it lets through has to give the same of both. Under
 * masks that show nothing, as the others show of a value what they are made to show.
 */
const POLICY = `
version: 1
tables: { deny: [audit] }
columns: { deny: [accounts.password] }
masks: [{ columns: [users.email], show: null }]
`;

const schemaWith = (secrets: readonly string[]): string => `
  create table users (id text primary key, email text, country text);
  create table accounts (id text, password text);
  create table orders (id text, user_id text, total text);
  create table contacts (id text, email text);
  create table audit (id text, note text);
  insert into users values ('1', '${secrets[0]}', 'DE'), ('2', '${secrets[1]}', 'FR'), ('3', '${secrets[2]}', 'DE');
  insert into accounts values ('1', '${secrets[3]}'), ('2', '${secrets[4]}');
  insert into orders values ('1', '1', '10'), ('2', '2', '20'), ('3', '2', '2');
  insert into contacts values ('1', 'a@x'), ('2', 'b@x');
  insert into audit values ('1', '${secrets[3]}');
  create view user_mails as select id, email as address from users;
  create view user_countries as select country from users;
`;
const SECRETS = [
  ['a@x', 'DE', 'b@x', 'a@x', '1'],
  ['z@x', 'p', 'FR', 'c@x', 'b@x'],
];

interface Pair {
  readonly connectors: readonly Connector[];
  stop(): Promise<void>;
}

async function openSqlite(): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'custard-leaks-'));
  const connectors = SECRETS.map((secrets, index) => {
    const path = join(folder, `${index}.db`);
    const database = new DatabaseSync(path);
    database.exec(schemaWith(secrets));
    database.close();
    return openConnector({ dialect: 'sqlite', path });
  });
  return pair(await Promise.all(connectors), () => rm(folder, { recursive: true }));
}

async function openDuckdb(): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'custard-leaks-'));
  const connectors = SECRETS.map(async (secrets, index) => {
    const path = join(folder, `${index}.duckdb`);
    await asOwner(path, schemaWith(secrets));
    return await openConnector({ dialect: 'duckdb', path });
  });
  return pair(await Promise.all(connectors), () => rm(folder, { recursive: true }));
}

async function openPostgres(): Promise<Pair> {
  const admin = await connectTo(postgresUrl());
  const names = SECRETS.map(() => `custard_leaks_${randomBytes(6).toString('hex')}`);
  const connectors: Connector[] = [];
  for (const [index, name] of names.entries()) {
    await admin.query(`CREATE DATABASE ${name}`);
    const url = new URL(postgresUrl());
    url.pathname = `/${name}`;
    const owner = await connectTo(url.href);
    await owner.query(schemaWith(SECRETS[index] ?? []));
    await owner.end();
    connectors.push(await openConnector(parseDatabaseUrl(url.href)));
  }
  return pair(connectors, async () => {
    for (const name of names) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  });
}

/** MySQL's too, as the two differ in nothing here. */
async function openMariadb(server: string): Promise<Pair> {
  const admin = await connectToMariadb(server);
  const names = SECRETS.map(() => `custard_leaks_${randomBytes(6).toString('hex')}`);
  const connectors: Connector[] = [];
  for (const [index, name] of names.entries()) {
    const schema = schemaWith(SECRETS[index] ?? []).replaceAll(' text', ' varchar(50)');
    await admin.query(`CREATE DATABASE ${name}; USE ${name}; ${schema}`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    connectors.push(await openConnector(parseDatabaseUrl(url.href)));
  }
  return pair(connectors, async () => {
    for (const name of names) await admin.query(`DROP DATABASE ${name}`);
    await admin.end();
  });
}

const pair = (connectors: readonly Connector[], clean: () => Promise<void>): Pair => ({
  connectors,
  async stop() {
    await Promise.all(connectors.map((connector) => connector.close()));
    await clean();
  },
});

/** A MySQL of one's own, which nobody has to have. */
const MYSQL_URLS = [process.env['CUSTARD_TEST_MYSQL_URL']].filter((url) => url !== undefined);

/**
 * Rows that sort alike, or that nobody has asked to be sorted, come in an order of their own: of the same database in another one
 * each time, as DuckDB groups with several threads. That an order tells is tested with the others.
 */
const ORDERS_ANYHOW: ReadonlySet<string> = new Set(['mysql', 'mariadb', 'duckdb']);

describe.each([
  ['sqlite', openSqlite, 4_000],
  ['postgres', openPostgres, 1_000],
  ['duckdb', openDuckdb, 1_200],
  ['mariadb', () => openMariadb(mariadbUrl()), 1_800],
  ...MYSQL_URLS.map((url) => ['mysql', () => openMariadb(url), 1_000] as const),
] as const)('%s', (dialect, open, runs) => {
  let opened: Pair;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.stop());

  /** What the agent would answer; only what went wrong with the statement, not its place in it. */
  async function answer(connector: Connector, statement: string): Promise<{ denied: boolean; result: string }> {
    const signal = AbortSignal.timeout(10_000);
    const guard = new PolicyGuard({ guard: await loadGuard(dialect), policy: parsePolicy(POLICY, 'test'), connector });
    try {
      const masks = await guard.check(statement, signal);
      const { columns, data } = await collect(connector, statement, { masks, signal });
      const rows = data.map((row) => JSON.stringify(row));
      if (ORDERS_ANYHOW.has(dialect)) rows.sort();
      return { denied: false, result: JSON.stringify([columns, rows]) };
    } catch (error) {
      if (!isCustardError(error)) throw error;
      return { denied: error.code !== 'QUERY_FAILED', result: error.code };
    }
  }

  test('what is let through tells nothing of what is protected', { timeout: 120_000 }, async () => {
    const seen = { answered: 0, withMasked: 0 };
    const property = fc.asyncProperty(arbitraryLeak(dialect), async (statement) => {
      const [first, second] = await Promise.all(opened.connectors.map((connector) => answer(connector, statement)));
      expect(second, statement).toEqual(first);
      if (first === undefined || first.denied) return;
      seen.answered++;
      if (first.result.includes('"masked"')) seen.withMasked++;
    });
    await fc.assert(property, { numRuns: runs });
    console.info(
      `${dialect}: ${runs} statements, ${seen.answered} answered, ${seen.withMasked} of them with masked values`,
    );
    // A test in which nothing passes would say nothing.
    expect(seen.answered).toBeGreaterThan(runs / 20);
    expect(seen.withMasked).toBeGreaterThan(10);
  });
});
