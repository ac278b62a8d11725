import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { Database } from './support/database.ts';
import { GuardlessAgent } from './support/guardless-agent.ts';

const MIB = 1024 * 1024;
const CAPS = { rows: 1_000, bytes: MIB, timeoutMs: 1_000 };
const GRACE_MS = 2_000;

const counted = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)';
const crossed = 'SELECT count(*) FROM many a, many b, many c, many d, many e';

/** Each must end at a limit or with an error of the engine's, soon, and harm nothing after it. */
const BOMBS = {
  postgres: {
    'recursion without end': `${counted} SELECT count(*) FROM c`,
    'rows of recursion without end': `${counted} SELECT n, repeat('x', 1000) FROM c`,
    'a cross join': crossed,
    'a long series': 'SELECT count(*) FROM generate_series(1, 1000000000000)',
    'a sorted series': 'SELECT n FROM generate_series(1, 1000000000000) n ORDER BY md5(n::text)',
    'nested repeats': `SELECT length(${"repeat('x', 1000)"}) ${"|| repeat(repeat('x', 100000), 9000)".repeat(20)}`,
    'one huge value': "SELECT repeat(repeat('x', 10000), 100000)",
    'huge padding': `SELECT ${"lpad('', 900000000, 'x')"} , lpad('', 900000000, 'y')`,
    'an array of huge values': "SELECT array_agg(repeat('x', 1000000)) FROM generate_series(1, 1000000)",
    'a hash of many groups': 'SELECT count(*) FROM (SELECT n FROM generate_series(1, 1000000000) n GROUP BY n) g',
    'a factorial': 'SELECT factorial(32000) * factorial(32000)',
    'a power': 'SELECT 9.9 ^ 9999.9 * 9.9 ^ 9999.9',
    'an expensive pattern': `SELECT repeat('a', 5000) ~ '(a*)*(a*)*(a*)*(a*)*b'`,
    sleep: 'SELECT pg_sleep(60)',
    'sleep without the server’s own limit': "SELECT set_config('statement_timeout', '0', true), pg_sleep(60)",
  },
  sqlite: {
    'recursion without end': `${counted} SELECT count(*) FROM c`,
    'rows of recursion without end': `${counted} SELECT n, zeroblob(100000) FROM c`,
    'a cross join': crossed,
    'a sorted recursion': `${counted} SELECT n FROM c ORDER BY hex(randomblob(100))`,
    'one huge value': 'SELECT hex(zeroblob(1000000000))',
    'many large values': `SELECT ${Array(12).fill('hex(zeroblob(30000000))').join(', ')}`,
    'a concatenation without end': `${counted} SELECT group_concat(hex(zeroblob(1000000))) FROM c`,
    'an array without end': `${counted} SELECT json_group_array(n) FROM c`,
    'an expensive pattern': `SELECT replace(printf('%50000c', 'a'), ' ', 'a') LIKE '${'%a'.repeat(200)}%b'`,
  },
} as const;

describe.each(['postgres', 'sqlite'] as const)('limits of %s with both guards taken away', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'custard-limits-'));
  const path = join(folder, 'many.db');
  let database: Database | undefined;
  let agent: GuardlessAgent;

  beforeAll(async () => {
    const rows = Array.from({ length: 2_000 }, (_, n) => `(${n})`).join(',');
    if (engine === 'postgres') {
      database = await Database.create([], ['CREATE TABLE many (n int)', `INSERT INTO many VALUES ${rows}`]);
    } else {
      const file = new DatabaseSync(path);
      file.exec(`CREATE TABLE many (n); INSERT INTO many VALUES ${rows}`);
      file.close();
    }
    agent = await GuardlessAgent.start(database?.url ?? `sqlite:${path}`, CAPS);
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  test('rows', async () => {
    const { code, rows } = await agent.run('SELECT n FROM many', { rows: 1_000_000 });
    expect({ code, rows: rows.length }).toEqual({ code: 'OK', rows: CAPS.rows });
  });

  test('bytes', async () => {
    const wide = engine === 'postgres' ? "repeat('x', 2000)" : "printf('%2000c', 'x')";
    expect((await agent.run(`SELECT ${wide} FROM many`, { bytes: 1 << 30 })).code).toBe('RESULT_TOO_LARGE');
  });

  test.each(Object.entries(BOMBS[engine]))('time and memory: %s', async (_name, sql) => {
    const started = performance.now();
    const { code, rows } = await agent.run(sql, { timeoutMs: 60_000 });
    expect(performance.now() - started).toBeLessThan(CAPS.timeoutMs + GRACE_MS);
    expect(code === 'OK' ? rows.length : 0).toBeLessThanOrEqual(CAPS.rows);
    if (engine === 'sqlite') expect(workerPeakMiB(path)).toBeLessThan(1_500);
    expect(await agent.run('SELECT 1')).toEqual({ code: 'OK', rows: [[1]] });
    // A server that restarts after a crash ends all sessions: this one was open all the time.
    if (database !== undefined) expect((await database.admin.query('SELECT 1')).rowCount).toBe(1);
  });

  test.runIf(engine === 'postgres')('files for sorting stay within what the role was given', async () => {
    await database?.admin.query(`ALTER DATABASE ${database.name} SET temp_file_limit = '10MB'`);
    await using limited = await GuardlessAgent.start(database?.url ?? postgresUrl(), CAPS);
    const sorted = 'SELECT md5(n::text) FROM generate_series(1, 1000000) n ORDER BY 1';
    expect((await limited.run(sorted)).code).toBe('QUERY_FAILED');
  });
});

/** The most memory that any worker with the file open has taken; one that was killed is not there to ask. */
function workerPeakMiB(path: string): number {
  const peaks = readdirSync('/proc').map((id) => {
    try {
      if (!readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').includes(path)) return 0;
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      return 0; // no process, or one that ended while we looked
    }
  });
  return Math.max(...peaks);
}
