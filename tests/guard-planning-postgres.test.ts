import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadGuard } from '#core/guard/load-guard.ts';
import { Database } from './support/database.ts';

/**
 * A second and 200 MB are what planning should take, and what is printed is to be held against that. Only what would take a
 * server down fails here: machines that test differ too much for more.
 */
const PLANNING_MS = 10_000;
const MOST_MIB = 2_000;

const number = fc.constantFrom('1', '7', '300', '4000', '100000', '1000000', '10 * 1000', '2 ^ 20', '1e3');
const { text } = fc.letrec<{ text: string; count: string }>((tie) => ({
  count: fc.oneof(
    { weight: 4, arbitrary: number },
    { weight: 1, arbitrary: tie('text').map((inner) => `length(${inner})`) },
  ),
  text: fc.oneof(
    { maxDepth: 6, depthSize: 'large' },
    fc.constantFrom(
      "'x'",
      "'ab,c'",
      "'a''b'",
      "E'\\\\x01'",
      "'9'",
      "'%s %5000s'",
      "'ﷺ'",
      "'a'::char(3000)",
      'b',
      'q.x',
    ),
    fc.tuple(tie('text'), tie('count')).map(([inner, n]) => `repeat(${inner}, (${n})::int)`),
    fc.tuple(tie('text'), tie('count'), tie('text')).map(([inner, n, fill]) => `lpad(${inner}, (${n})::int, ${fill})`),
    fc.tuple(tie('text'), tie('text'), tie('text')).map((parts) => `replace(${parts.join(', ')})`),
    fc.tuple(tie('text'), tie('text'), tie('text')).map((parts) => `regexp_replace(${parts.join(', ')}, 'g')`),
    fc.tuple(tie('text'), tie('text')).map((parts) => `(${parts.join(' || ')})`),
    fc.tuple(tie('text'), tie('text')).map((parts) => `format(${parts.join(', ')})`),
    fc.tuple(tie('text'), tie('text')).map((parts) => `array_to_string(string_to_array(${parts.join(', ')}), ',')`),
    fc.tuple(tie('text'), tie('text')).map((parts) => `regexp_split_to_array(${parts.join(', ')})::text`),
    fc.tuple(tie('text'), tie('count')).map(([inner, n]) => `array_fill(${inner}, array[(${n})::int])::text`),
    fc.tuple(tie('text'), tie('text')).map((parts) => `translate(${parts.join(", 'x', ")})`),
    fc
      .constantFrom('upper', 'quote_literal', 'quote_ident', 'normalize', 'to_json', 'md5', 'reverse', 'initcap')
      .chain((name) => tie('text').map((inner) => `${name}(${inner})::text`)),
    tie('text').map((inner) => `encode(convert_to(${inner}, 'UTF8'), 'escape')`),
    tie('count').map((n) => `factorial((${n})::int / 1000)::text`),
    tie('count').map((n) => `(1.7 ^ ((${n})::int))::text`),
    tie('text').map((inner) => `(select x || x from (select ${inner} as x) q)`),
  ),
}));

/** An expression, or levels of queries that each use the column of the one inside a few times. */
const statement = fc
  .record({
    inner: text,
    items: fc.array(fc.constantFrom('x', 'x || x', 'x || x || x', "replace(x, 'x', x)"), { maxLength: 24 }),
  })
  .map(({ inner, items }) =>
    items.reduce(
      (sql, item) => `select ${item} as x from (${sql}) q`,
      `select ${inner} as x from t, (select 'y' as x) q`,
    ),
  );

describe('planning what the guard allows', () => {
  let database: Database;
  let client: Client;

  beforeAll(async () => {
    database = await Database.create([], ['CREATE TABLE t (a int, b text)']);
    client = await connect();
  });
  afterAll(async () => {
    await client.end();
    await database[Symbol.asyncDispose]();
  });

  async function connect(): Promise<Client> {
    const fresh = new Client({ connectionString: database.url });
    await fresh.connect();
    await fresh.query(`SET statement_timeout = ${PLANNING_MS}`);
    return fresh;
  }

  test('ends, and takes no server down', { timeout: 90_000 }, async () => {
    const guard = await loadGuard('postgres');
    const until = performance.now() + 20_000;
    let [made, planned, longest, most] = [0, 0, 0, 0];
    while (performance.now() < until && made < 20_000) {
      const [sql = ''] = fc.sample(statement, 1);
      made++;
      if ((await guard.check(sql)).verdict === 'deny') continue;
      const started = performance.now();
      await client.query(`EXPLAIN ${sql}`).then(
        () => planned++,
        () => undefined,
      );
      longest = Math.max(longest, performance.now() - started);
      const peak = await peakMiB(client);
      most = Math.max(most, peak);
      expect(peak, sql).toBeLessThan(MOST_MIB);
    }
    console.info(
      `planning: ${made} made, ${planned} planned, ${longest.toFixed(0)} ms, ${most.toFixed(0)} MiB at most`,
    );
    expect(planned).toBeGreaterThan(50);
  });
});

/** The most memory the session's process has had, where the server is on this machine. */
async function peakMiB(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const path = `/proc/${rows[0]?.pid}/status`;
  return existsSync(path) ? Number(/VmHWM:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) / 1024 : 0;
}
