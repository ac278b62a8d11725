import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadGuard } from './load-guard.ts';
import { arbitrarySelect } from './testing/arbitrary-sql.ts';
import { Hostile, sharedLines } from './testing/corpora.ts';
import { arbitraryMutation } from './testing/mutations.ts';
import { SQL_DIALECTS } from './testing/sql-dialects.ts';

const HARMLESS = ['abs(1)', '(select a from u limit 1)', "replace('a', 'b', 'c')"];

describe.each(SQL_DIALECTS)('$dialect', ({ dialect, samples }) => {
  test('any SELECT is allowed with harmless calls and refused with one harmful call anywhere', async () => {
    const guard = await loadGuard(dialect);
    const property = fc.asyncProperty(
      arbitrarySelect,
      fc.constantFrom(...HARMLESS),
      fc.constantFrom(...samples.harmful),
      async (sample, harmless, harmful) => {
        expect(await guard.check(sample.with(harmless))).toMatchObject({ verdict: 'allow' });
        expect(await guard.check(sample.with(harmful))).toMatchObject({ verdict: 'deny' });
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  test('no way of writing a hostile statement makes it pass', async () => {
    const guard = await loadGuard(dialect);
    const corpus = sharedLines(`corpora/hostile/${dialect}.jsonl`, Hostile).filter(({ expect }) => expect === 'reject');
    const statements = [...corpus.map(({ sql }) => sql), ...Object.values(samples.refused).flat()];
    // What cannot be parsed may become harmless when something stands around it.
    const hostile: string[] = [];
    for (const sql of statements) {
      const verdict = await guard.check(sql);
      if (verdict.verdict === 'deny' && verdict.code !== 'STATEMENT_INVALID') hostile.push(sql);
    }
    const mutated = fc
      .tuple(fc.constantFrom(...hostile), arbitraryMutation(samples.mutations))
      .map(([sql, mutate]) => mutate(sql));
    const property = fc.asyncProperty(mutated, async (sql) => {
      expect(await guard.check(sql)).toMatchObject({ verdict: 'deny' });
    });
    await fc.assert(property, { numRuns: 5_000 });
  });

  test('anything at all gets a verdict', async () => {
    const guard = await loadGuard(dialect);
    const fragment = fc.constantFrom(
      ...[
        'select',
        'from',
        'where',
        '(',
        ')',
        ',',
        ';',
        '*',
        "'",
        '"',
        '$$',
        '--',
        '/*',
        '*/',
        '[',
        '`',
        'with',
        'as',
        'x',
      ],
      ...['in', 'not', '.', '::', "E'", 'U&"', '\\', '\n', '1', '\u00e9', '\ud83d', 'union', 'case', 'over', 'delete'],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fragment).map((parts) => parts.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (sql) => {
        expect(['allow', 'deny']).toContain((await guard.check(sql)).verdict);
      }),
      { numRuns: 5_000 },
    );
  });
});
