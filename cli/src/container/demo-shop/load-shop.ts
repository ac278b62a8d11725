import { readFile } from 'node:fs/promises';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { shopStatements } from '../../demo/shop-statements.ts';

interface LoadShopOptions {
  /** Of the owner; where the server is, is said by the PG… environment. */
  readonly passwordFile: string;
  readonly reader: string;
  readonly readerPassword: string;
  /** YYYY-MM-DD; see shopStatements. */
  readonly today: string;
}

const CONNECT_MS = 15_000;
const STATEMENT_MS = 60_000;

/** Any number, the same in every run: two at the same time wait for one another. */
const LOCK = 7_304_221;

/**
 * The demo shop in schema public of an otherwise empty database, and a role that can read it. Whoever asks
 * meanwhile gets the shop before or the shop after. False when this day's is there already.
 */
export async function loadShop(options: LoadShopOptions): Promise<boolean> {
  const password = (await readFile(options.passwordFile, 'utf8')).trim();
  const client = new Client({ password, connectionTimeoutMillis: CONNECT_MS, statement_timeout: STATEMENT_MS });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
    const missing = !(await isLoaded(client, options.today));
    if (missing) await replaceShop(client, options.today);
    for (const statement of await readerStatements(client, options)) await client.query(statement);
    await client.query('COMMIT');
    return missing;
  } finally {
    await client.end();
  }
}

const comment = (today: string): string => `The demo shop as of ${today}`;

async function isLoaded(client: Client, today: string): Promise<boolean> {
  const { rows } = await client.query("SELECT obj_description(to_regnamespace('public'), 'pg_namespace') AS comment");
  return rows[0]?.comment === comment(today);
}

async function replaceShop(client: Client, today: string): Promise<void> {
  await client.query('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public');
  for (const statement of shopStatements(today)) await client.query(statement);
  await client.query(`COMMENT ON SCHEMA public IS ${escapeLiteral(comment(today))}`);
}

/** As `custard agent run --check` recommends. */
async function readerStatements(client: Client, { reader, readerPassword }: LoadShopOptions): Promise<string[]> {
  const role = escapeIdentifier(reader);
  const { rows } = await client.query('SELECT current_database() AS name, to_regrole($1) IS NULL AS missing', [reader]);
  const database = escapeIdentifier(String(rows[0]?.name));
  return [
    ...(rows[0]?.missing ? [`CREATE ROLE ${role} NOINHERIT`] : []),
    `ALTER ROLE ${role} LOGIN PASSWORD ${escapeLiteral(readerPassword)}`,
    `ALTER ROLE ${role} SET default_transaction_read_only = on`,
    `ALTER ROLE ${role} SET statement_timeout = '60s'`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${role}`,
    `GRANT USAGE ON SCHEMA public TO ${role}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
  ];
}
