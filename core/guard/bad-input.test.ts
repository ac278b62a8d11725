import { describe, expect, test } from 'vitest';
import { loadGuard } from './load-guard.ts';
import { SQL_DIALECTS } from './testing/sql-dialects.ts';

const INPUTS: Readonly<Record<string, string>> = {
  'a 10 MB statement': `select ${'1,'.repeat(5_000_000)}1`,
  '100,000 parentheses': `select ${'('.repeat(100_000)}1${')'.repeat(100_000)}`,
  '30,000 parentheses': `select ${'('.repeat(30_000)}1${')'.repeat(30_000)}`,
  'open parentheses': `select ${'('.repeat(60_000)}`,
  'open brackets': `select ${'['.repeat(60_000)}`,
  '3,000 nested calls': `select ${'abs('.repeat(3_000)}1${')'.repeat(3_000)}`,
  '2,000 nested queries': `select ${'(select '.repeat(2_000)}1${')'.repeat(2_000)}`,
  'a NUL in the middle': 'select 1\0; drop table t',
  'a lone surrogate': "select '\ud800'",
  'opened comments': '/*'.repeat(30_000),
  'an open string': `select '${'x'.repeat(60_000)}`,
  'an open string of escapes': `select E'${'\\'.repeat(60_000)}`,
  '6,000 statements': 'select 1;'.repeat(6_000),
  'open dollar quotes': `select ${'$a$ $b$ '.repeat(6_000)}`,
};

/** Refused or allowed, but soon; PostgreSQL refuses what would cost its parser the stack, SQLite's has no such chains. */
const EITHER: Readonly<Record<string, string>> = {
  '64,000 chained operators': `select 1${'+1'.repeat(31_000)}`,
  'a run of operator characters': `select 1 ${'+-'.repeat(30_000)}1`,
  '20,000 minus signs': `select ${'- '.repeat(20_000)}1`,
  '15,000 times NOT': `select ${'not '.repeat(15_000)}1`,
  'thousands of UNIONs': `select 1${' union select 1'.repeat(4_000)}`,
  'thousands of joins': `select 1 from a${' cross join a'.repeat(4_000)}`,
  'thousands of casts': `select 1${'::int'.repeat(12_000)}`,
  'nested comments': `${'/*'.repeat(15_000)}${'*/'.repeat(15_000)} select 1`,
  'thousands of constants beyond ASCII': `select 'é'${',1'.repeat(32_000)}`,
  dots: `select a${'.a'.repeat(30_000)}`,
};

describe.each(SQL_DIALECTS)('$dialect', ({ dialect }) => {
  test.each(Object.entries({ ...INPUTS, ...EITHER }))('is not harmed by %s', async (name, sql) => {
    const guard = await loadGuard(dialect);
    const started = performance.now();
    const { verdict } = await guard.check(sql);
    expect(performance.now() - started).toBeLessThan(1_000);
    if (name in INPUTS) expect(verdict).toBe('deny');
    expect(await guard.check('select a, count(*) from t group by a')).toMatchObject({ verdict: 'allow' });
  });

  // DuckDB's parser is a process of its own: a round trip for each.
  test('a hundred thousand statements leave no memory behind', { timeout: 120_000 }, async () => {
    const guard = await loadGuard(dialect);
    const statements = [
      'select a, b from t where a = 1',
      'select ( from',
      'delete from t',
      `select ${'('.repeat(1_000)}`,
    ];
    const checkAll = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) await guard.check(statements[round % statements.length] ?? '');
    };
    await checkAll(1_000);
    // The parser's heap, which the garbage collector does not see.
    const before = process.memoryUsage().external;
    await checkAll(100_000);
    expect(process.memoryUsage().external - before).toBeLessThan(16 * 1024 * 1024);
  });

  test('honest statements may be long', async () => {
    const guard = await loadGuard(dialect);
    const long = [
      `select a from t where a in (${'1,'.repeat(20_000)}1)`,
      `select a from t where ${"b = 'x' or ".repeat(3_000)} a = 1`,
      `select case ${"when a = 1 then 'x' ".repeat(2_000)} end from t`,
      `values ${'(1, 2),'.repeat(5_000)}(3, 4)`,
      `select 1${' union all select 1'.repeat(300)}`,
      `select ${'a + b * c - d / e,'.repeat(2_000)} 1 from t`,
    ];
    for (const sql of long) expect(await guard.check(sql)).toMatchObject({ verdict: 'allow' });
  });
});

test('a crash of the parser is a refusal, and a fresh parser follows', async () => {
  const guard = await loadGuard('postgres');
  // The escape hides the chain from the estimate made before parsing.
  const crashing = `select E'\\''${'+1'.repeat(30_000)} + ''`;
  for (let round = 0; round < 3; round++) {
    expect(await guard.check(crashing)).toMatchObject({ verdict: 'deny', code: 'CONSTRUCT_NOT_ALLOWED' });
    expect(await guard.check('select 1')).toMatchObject({ verdict: 'allow' });
  }
});
