import { describe, expect, test } from 'vitest';
import { loadGuard } from './load-guard.ts';
import { SQL_DIALECTS } from './testing/sql-dialects.ts';

describe.each(SQL_DIALECTS)('$dialect', ({ dialect, samples }) => {
  test.each(samples.allowed)('allows %s', async (sql) => {
    const guard = await loadGuard(dialect);
    expect(await guard.check(sql)).toMatchObject({ verdict: 'allow' });
  });

  const refused = Object.entries(samples.refused).flatMap(([code, list]) => list.map((sql) => ({ code, sql })));
  test.each(refused)('refuses with $code: $sql', async ({ code, sql }) => {
    const guard = await loadGuard(dialect);
    expect(await guard.check(sql)).toMatchObject({ verdict: 'deny', code });
  });
});
