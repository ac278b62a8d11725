import { describe, expect, test } from 'vitest';
import type { Dialect } from '../dialects.ts';
import { loadGuard } from './load-guard.ts';
import { Gold, Hostile, sharedLines, Valid } from './testing/corpora.ts';
import { SQL_DIALECTS } from './testing/sql-dialects.ts';
import type { Denied } from './verdict.ts';

/** Statements a second, one after the other. DuckDB's parser is a process of its own: a round trip for each. */
const AT_LEAST: Readonly<Partial<Record<Dialect, number>>> = { duckdb: 100 };

/**
 * Gold statements written for SQLite that another engine's grammar has no place for: PostgreSQL and DuckDB want an ON after every
 * JOIN, MySQL and MariaDB reserve words that are names of tables and columns there.
 */
const UNREADABLE: Readonly<Partial<Record<Dialect, { readonly reason: RegExp; readonly atMost: number }>>> = {
  postgres: { reason: /syntax error/, atMost: 60 },
  snowflake: { reason: /syntax error/, atMost: 60 },
  duckdb: { reason: /syntax error/, atMost: 60 },
  mysql: { reason: /expected a name, found (CHARACTER|LONG|MATCH|RANGE)\./, atMost: 37 },
  mariadb: { reason: /expected a name, found (CHARACTER|LONG|MATCH|RANGE)\./, atMost: 37 },
};

async function check(dialect: Dialect, statements: readonly string[]): Promise<{ sql: string; denied: Denied }[]> {
  const guard = await loadGuard(dialect);
  const refused: { sql: string; denied: Denied }[] = [];
  for (const sql of statements) {
    const verdict = await guard.check(sql);
    if (verdict.verdict === 'deny') refused.push({ sql, denied: verdict });
  }
  return refused;
}

describe.each(SQL_DIALECTS)('$dialect', ({ dialect, samples }) => {
  test('no hostile statement is allowed', async () => {
    const hostile = sharedLines(`corpora/hostile/${dialect}.jsonl`, Hostile).filter(
      ({ expect }) => expect === 'reject',
    );
    const statements = hostile.map(({ sql }) => sql);
    const denied = await check(dialect, statements);
    expect(statements.filter((sql) => !denied.some((refusal) => refusal.sql === sql))).toEqual([]);
  });

  test('what the engine accepts is refused for its functions only', async () => {
    const statements = sharedLines(`corpora/valid/${dialect}.jsonl`, Valid).map(({ sql }) => sql);
    const denied = await check(dialect, statements);
    const others = denied.filter(({ denied }) => denied.code !== 'FUNCTION_NOT_ALLOWED');
    const considered = statements.length - denied.length + others.length;
    console.info(
      `${dialect}: ${statements.length} valid, ${denied.length - others.length} refused for a function, ` +
        `${others.length} for another reason (${((100 * others.length) / Math.max(1, considered)).toFixed(2)} % of the rest)`,
    );
    expect(others.length).toBeLessThanOrEqual(considered * samples.refusedAtMost);
    expect(others.filter(({ denied }) => denied.code === 'NOT_READ_ONLY')).toEqual([]);
  });

  test('every gold statement is allowed', async () => {
    const train = sharedLines('bench/spider/train_gold_sql.jsonl', Gold);
    const dev = sharedLines(dialect === 'postgres' ? 'bench/spider/dev_pg.jsonl' : 'bench/spider/dev.jsonl', Gold);
    const denied = await check(
      dialect,
      [...train, ...dev].map(({ gold_sql }) => gold_sql),
    );
    const unreadable = UNREADABLE[dialect];
    expect(denied.filter(({ denied }) => unreadable?.reason.test(denied.reason) !== true)).toEqual([]);
    expect(denied.length).toBeLessThanOrEqual(unreadable?.atMost ?? 0);
    expect(
      await check(
        dialect,
        dev.map(({ gold_sql }) => gold_sql),
      ),
    ).toEqual([]);
  });

  test('a thousand statements a second or nearly so, most of them in well under a millisecond', async () => {
    const statements = sharedLines(`corpora/valid/${dialect}.jsonl`, Valid).map(({ sql }) => sql);
    if (statements.length === 0) return;
    const guard = await loadGuard(dialect);
    const times: number[] = [];
    for (const sql of statements) {
      const started = performance.now();
      await guard.check(sql);
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    const total = times.reduce((sum, time) => sum + time, 0);
    const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(3);
    console.info(
      `${dialect}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${((1000 * statements.length) / total).toFixed(0)} a second`,
    );
    expect((1000 * statements.length) / total).toBeGreaterThan(AT_LEAST[dialect] ?? 1000);
  });
});
