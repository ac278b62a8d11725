import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { openDatabase } from '#control-plane/db/database.ts';
import { parseEnvironment } from '#control-plane/env.ts';
import { PasswordHasher } from '#control-plane/identity/password-hasher.ts';
import { startServer } from '#control-plane/server.ts';
import type { Figure } from './figures.ts';
import { median } from './statistics.ts';

/** Whether the time an answer takes tells if an address has an account. */

/** Tries of each kind; the limits allow three mails a recipient, so there are as many accounts as it takes. */
const TRIES = 1_000;
const ACCOUNTS = 500;
/** The medians may be that far apart. */
const GAP_MS = 2;

const PASSWORD = 'gravel otter lantern 73 quilt';
const WRONG = 'gravel otter lantern 74 quilt';

/** What is asked, with a body for an address. */
const ASKED = {
  login: (email: string) => ({ email, password: WRONG }),
  signup: (email: string) => ({ email, password: PASSWORD }),
  'forgot-password': (email: string) => ({ email }),
} as const;

export async function measureAccounts(postgresUrl: string): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'custard-bench-accounts-'));
  const database = `custard_bench_accounts_${randomBytes(4).toString('hex')}`;
  await asSuperuser(postgresUrl, `CREATE DATABASE ${database}`);
  try {
    const url = Object.assign(new URL(postgresUrl), { pathname: `/${database}` });
    return [
      ...(await measureEngine('SQLite', `sqlite:${join(folder, 'accounts.db')}`, folder)),
      ...(await measureEngine('PostgreSQL', url.href, folder)),
    ];
  } finally {
    await asSuperuser(postgresUrl, `DROP DATABASE ${database} WITH (FORCE)`);
    rmSync(folder, { recursive: true });
  }
}

async function measureEngine(engine: string, databaseUrl: string, folder: string): Promise<Figure[]> {
  const env = { DATABASE_URL: databaseUrl, PORT: '0', TRUSTED_PROXIES: '1', MAIL_OUTBOX: join(folder, 'outbox') };
  const server = await startServer({
    config: parseEnvironment(env),
    version: 'bench',
    logger: pino({ level: 'silent' }),
  });
  const figures: Figure[] = [];
  try {
    for (const [route, bodyOf] of Object.entries(ASKED)) {
      const known = await makeAccounts(databaseUrl);
      const { there, missing } = await measureRoute(`${server.url}/api/v1/auth/${route}`, known, bodyOf);
      const section = `accounts: ${route} on ${engine}, ${TRIES} tries each`;
      figures.push(
        { section, name: 'median, an address with an account', value: median(there), unit: 'ms', target: null },
        { section, name: 'median, one without', value: median(missing), unit: 'ms', target: null },
        {
          ...{ section, name: 'between the two', unit: 'ms', target: { atMost: GAP_MS } },
          value: Math.abs(median(there) - median(missing)),
        },
      );
    }
  } finally {
    await server.close();
  }
  return figures;
}

/** In turns, the one or the other first by chance: what else the machine does meets both alike. */
async function measureRoute(url: string, known: readonly string[], bodyOf: (email: string) => object) {
  const [there, missing]: [number[], number[]] = [[], []];
  const unknown = known.map(() => someEmail());
  for (let turn = -20; turn < TRIES; turn++) {
    const index = (turn + 20) % ACCOUNTS;
    const pair = [
      { email: known[index] ?? '', into: there },
      { email: unknown[index] ?? '', into: missing },
    ];
    for (const { email, into } of randomBytes(1).readUInt8() % 2 === 0 ? pair : pair.toReversed()) {
      const tookMs = await ask(url, bodyOf(email));
      if (turn >= 0) into.push(tookMs); // those before are for getting warm
    }
  }
  return { there, missing };
}

async function ask(url: string, body: object): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': [10, ...randomBytes(3)].join('.') };
  const begun = performance.now();
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
  const tookMs = performance.now() - begun;
  if (answer.status !== 401 && answer.status !== 202) throw new Error(`${url} answered ${answer.status}`);
  return tookMs;
}

async function makeAccounts(databaseUrl: string): Promise<string[]> {
  const database = await openDatabase(databaseUrl);
  const password_hash = await new PasswordHasher().hash(PASSWORD);
  const emails = Array.from({ length: ACCOUNTS }, someEmail);
  const at = new Date().toISOString();
  const rows = emails.map((email) => ({
    ...{
      id: `user_${email}`,
      email,
      password_hash,
      current_organization_id: 'org_default',
      created_at: at,
      updated_at: at,
    },
  }));
  await database.knex.batchInsert('users', rows, 100);
  await database.close();
  return emails;
}

const someEmail = (): string => `${randomBytes(8).toString('hex')}@example.com`;

async function asSuperuser(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
