import { describe, expect, test } from 'vitest';
import { DIALECTS } from '../dialects.ts';
import { loadGuard } from './load-guard.ts';
import { OWN } from './testing/own-statements.ts';

describe.each(DIALECTS)('%s', (dialect) => {
  test.each(OWN[dialect].allowed)('allows %s', async (sql) => {
    const guard = await loadGuard(dialect);
    expect(guard.check(sql)).toMatchObject({ verdict: 'allow' });
  });

  const refused = Object.entries(OWN[dialect].refused).flatMap(([code, list]) => list.map((sql) => ({ code, sql })));
  test.each(refused)('refuses with $code: $sql', async ({ code, sql }) => {
    const guard = await loadGuard(dialect);
    expect(guard.check(sql)).toMatchObject({ verdict: 'deny', code });
  });
});
