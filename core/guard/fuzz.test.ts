import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIALECTS } from '../dialects.ts';
import { loadGuard } from './load-guard.ts';
import { arbitrarySelect } from './testing/arbitrary-sql.ts';
import { Hostile, sharedLines } from './testing/corpora.ts';
import { arbitraryMutation } from './testing/mutations.ts';
import { OWN } from './testing/own-statements.ts';

const HARMLESS = ['abs(1)', '(select a from u limit 1)', "replace('a', 'b', 'c')"];
const HARMFUL = {
  postgres: [
    'pg_sleep(1)',
    "nextval('s')",
    "pg_catalog.set_config('a', 'b', false)",
    "lo_import('x')",
    'own()',
    '5::own',
    'a <<<>>> b',
  ],
  sqlite: [
    "load_extension('x')",
    "readfile('x')",
    'own(1)',
    "[writefile]('x', 'y')",
    '1 in fsdir(1)',
    '1 in pragma_user_version',
  ],
};

describe.each(DIALECTS)('%s', (dialect) => {
  test('any SELECT is allowed with harmless calls and refused with one harmful call anywhere', async () => {
    const guard = await loadGuard(dialect);
    const property = fc.property(
      arbitrarySelect,
      fc.constantFrom(...HARMLESS),
      fc.constantFrom(...HARMFUL[dialect]),
      (sample, harmless, harmful) => {
        expect(guard.check(sample.with(harmless))).toMatchObject({ verdict: 'allow' });
        expect(guard.check(sample.with(harmful))).toMatchObject({ verdict: 'deny' });
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  test('no way of writing a hostile statement makes it pass', async () => {
    const guard = await loadGuard(dialect);
    const corpus = sharedLines(`corpora/hostile/${dialect}.jsonl`, Hostile).filter(({ expect }) => expect === 'reject');
    const statements = [...corpus.map(({ sql }) => sql), ...Object.values(OWN[dialect].refused).flat()];
    // What cannot be parsed may become harmless when something stands around it.
    const hostile = statements.filter((sql) => {
      const verdict = guard.check(sql);
      return verdict.verdict === 'deny' && verdict.code !== 'STATEMENT_INVALID';
    });
    const mutated = fc
      .tuple(fc.constantFrom(...hostile), arbitraryMutation(dialect))
      .map(([sql, mutate]) => mutate(sql));
    const property = fc.property(mutated, (sql) => {
      expect(guard.check(sql)).toMatchObject({ verdict: 'deny' });
    });
    fc.assert(property, { numRuns: 5_000 });
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
    fc.assert(
      fc.property(text, (sql) => {
        expect(['allow', 'deny']).toContain(guard.check(sql).verdict);
      }),
      { numRuns: 5_000 },
    );
  });
});
