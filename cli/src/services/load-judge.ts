import type { Dialect } from '#core/dialects.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { Guard, Verdict } from '#core/guard/verdict.ts';

interface JudgeOptions {
  readonly dialect: Dialect;
  /** Of an agent; without one the guard judges alone. */
  readonly policyFile: string | undefined;
}

/** Where a table without a schema is, when nothing else was set; null where that is always set. */
const DEFAULT_SCHEMAS: Readonly<Record<Dialect, string | null>> = {
  postgres: 'public',
  mysql: null,
  mariadb: null,
  snowflake: 'PUBLIC',
  sqlite: 'main',
  duckdb: 'main',
  mongodb: null,
};

/** The guard of a dialect and, behind it, what a policy says when no database can be asked. */
export async function loadJudge({ dialect, policyFile }: JudgeOptions): Promise<Guard> {
  if (policyFile === undefined) return await loadGuard(dialect);
  const [guard, { judge }, { readPolicyFile }] = await Promise.all([
    loadGuard(dialect),
    import('#core/policy/judge.ts'),
    import('#core/policy/read-policy-file.ts'),
  ]);
  const policy = await readPolicyFile(policyFile);
  const catalogue = { kind: 'offline', defaultSchema: DEFAULT_SCHEMAS[dialect] } as const;
  return {
    async check(statement): Promise<Verdict> {
      const allowed = await guard.check(statement);
      if (allowed.verdict === 'deny') return allowed;
      const judged = judge({ policy, statement, allowed, catalogue });
      return judged.verdict === 'deny' ? judged : allowed;
    },
  };
}
