import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { shopStatements } from '#cli/demo/shop-statements.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';

const TODAY = '2026-11-21';
const TOTALS = 'SELECT count(*) AS orders, sum(total_amount) AS revenue, max(ordered_at) AS last FROM orders';

async function withDatabase<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const name = `demo_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(postgresUrl());
  const server = new Client({ connectionString: url.href });
  await server.connect();
  try {
    await server.query(`CREATE DATABASE ${name}`);
    url.pathname = `/${name}`;
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  } finally {
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.end();
  }
}

it('is the same demo shop in PostgreSQL and in SQLite', async () => {
  const sqlite = new DatabaseSync(':memory:');
  for (const statement of shopStatements(TODAY)) sqlite.exec(statement);
  await withDatabase(async (client) => {
    await client.query('BEGIN');
    for (const statement of shopStatements(TODAY)) await client.query(statement);
    await client.query('COMMIT');
    const totals = await client.query(`SELECT orders::int4, revenue::float8, last::text FROM (${TOTALS}) AS totals`);
    expect(totals.rows).toEqual([{ ...sqlite.prepare(TOTALS).get() }]);
    const months = await client.query('SELECT month, revenue::float8 FROM monthly_revenue ORDER BY month');
    const inSqlite = sqlite.prepare('SELECT month, revenue FROM monthly_revenue ORDER BY month').all();
    expect(months.rows).toEqual(inSqlite.map((row) => ({ ...row })));
  });
});
