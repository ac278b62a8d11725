import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadParser } from '#core/guard/dialects/postgres/parser.ts';
import { statementsOf } from './sql-script.ts';

export interface SuiteStatement {
  readonly sql: string;
  /** The kind of node it is parsed into: CreateStmt, InsertStmt …; `invalid` where it is meant to be none. */
  readonly kind: string;
}

/**
 * All statements of PostgreSQL's own tests (regress, isolation apart, and of its extensions and languages), from the
 * folder of CUSTARD_TEST_POSTGRES_SUITE, which scripts/test fills; none, said aloud, where there is no such folder.
 */
export async function postgresSuite(): Promise<readonly SuiteStatement[]> {
  const folder = process.env['CUSTARD_TEST_POSTGRES_SUITE'];
  if (folder === undefined) {
    console.warn('NOT TESTED: CUSTARD_TEST_POSTGRES_SUITE is not set, so PostgreSQL’s own tests were not sent.');
    return [];
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sql'));
  return await withKinds(files.sort().flatMap((file) => statementsOf(readFileSync(join(folder, file), 'utf8'))));
}

export async function withKinds(statements: readonly string[]): Promise<readonly SuiteStatement[]> {
  const parser = await loadParser();
  const parsed = statements.map(async (sql) => {
    const result = await parser.parse(sql);
    const first = result.kind === 'tree' ? result.statements[0] : undefined;
    return { sql, kind: Object.keys(first?.stmt ?? {})[0] ?? 'invalid' };
  });
  return await Promise.all(parsed);
}

/** Kinds that make what the others need. */
const MAKERS =
  /^(Create(Function|Seq|Domain|Enum|Range|Schema|Role|TableAs|Extension|ForeignTable|ForeignServer|Fdw|Trig|Cast)?Stmt|CompositeTypeStmt|ViewStmt|RuleStmt|IndexStmt|DefineStmt)$/;

export const makesObjects = ({ kind, sql }: SuiteStatement): boolean =>
  MAKERS.test(kind) && !/^\s*create\s+((global|local)\s+)?temp/i.test(sql);
