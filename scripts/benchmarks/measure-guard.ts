import { DIALECTS, type Dialect } from '#core/dialects.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import { Gold, Hostile, sharedLines, Valid } from '#core/guard/testing/corpora.ts';
import { ALLOWED } from '#core/guard/testing/dialects/mongodb.ts';
import type { Guard } from '#core/guard/verdict.ts';
import { MAX_STATEMENT_BYTES, MIB } from '#core/protocol/limits.ts';
import type { Figure } from './figures.ts';
import { percentile } from './statistics.ts';

/** What GUARD.md asks of each dialect on analytics: share accepted, in percent, and p99 in ms. */
const TARGETS: Readonly<Record<Dialect, { readonly accepted: number; readonly p99: number }>> = {
  postgres: { accepted: 99.9, p99: 2 },
  mysql: { accepted: 99.5, p99: 25 },
  mariadb: { accepted: 99.5, p99: 25 },
  snowflake: { accepted: 99.5, p99: 25 },
  sqlite: { accepted: 99.9, p99: 25 },
  duckdb: { accepted: 99.9, p99: 25 },
  mongodb: { accepted: 99.5, p99: 25 },
};

const GROWTH_STATEMENTS = 100_000;

/** Of every dialect: what it lets through, what it refuses, how fast, and what it leaves in memory. */
export async function measureGuard(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const dialect of DIALECTS) figures.push(...(await measureDialect(dialect)));
  return figures;
}

async function measureDialect(dialect: Dialect): Promise<Figure[]> {
  const guard = await loadGuard(dialect);
  const section = `guard: ${dialect}`;
  const figure = (name: string, value: number, unit: Figure['unit'], target: Figure['target'] = null): Figure => ({
    ...{ section, name, value, unit, target },
  });
  const targets = TARGETS[dialect];
  const hostile = sharedLines(`corpora/hostile/${dialect}.jsonl`, Hostile).filter(({ expect }) => expect === 'reject');
  // No suite of MongoDB's is among the corpora.
  const valid = dialect === 'mongodb' ? [] : sharedLines(`corpora/valid/${dialect}.jsonl`, Valid).map(({ sql }) => sql);
  const gold = goldOf(dialect);
  await judgeAll(guard, [...gold, ...valid]); // to be warm
  const judged = await judgeAll(guard, valid);
  const analytics = await judgeAll(guard, gold);
  const passed = await judgeAll(
    guard,
    hostile.map(({ sql }) => sql),
  );
  return [
    figure(`hostile let through, of ${hostile.length}`, passed.allowed, 'count', { atMost: 0 }),
    ...(gold.length === 0
      ? []
      : [figure(`analytics allowed, of ${gold.length}`, percent(analytics), '%', { atLeast: targets.accepted })]),
    ...(valid.length === 0 ? [] : suiteFigures(judged, figure)),
    figure('p50, warm', percentile([...analytics.times, ...judged.times], 0.5), 'ms'),
    figure('p99, warm', percentile([...analytics.times, ...judged.times], 0.99), 'ms', { atMost: targets.p99 }),
    figure('the longest of hostile sizes', await longest(guard), 'ms', { atMost: 1000 }),
    figure(`memory after ${GROWTH_STATEMENTS} more`, await growth(guard, [...gold, ...valid]), 'MiB', { atMost: 16 }),
  ];
}

function suiteFigures(judged: Judged, figure: (name: string, value: number, unit: Figure['unit']) => Figure): Figure[] {
  return [
    figure(`the engine's own suites allowed, of ${judged.times.length}`, percent(judged), '%'),
    figure('… refused for what they call', judged.forCalls, 'count'),
    figure('… refused for another reason', judged.otherwise, 'count'),
  ];
}

/** Gold statements are SQLite's; a list of their own is for engines that want an ON after every JOIN. MongoDB has pipelines of ours. */
function goldOf(dialect: Dialect): string[] {
  if (dialect === 'mongodb') return [...ALLOWED];
  const files =
    dialect === 'postgres' || dialect === 'duckdb'
      ? ['bench/spider/dev_pg.jsonl']
      : ['bench/spider/dev.jsonl', 'bench/spider/train_gold_sql.jsonl'];
  return files.flatMap((file) => sharedLines(file, Gold)).map(({ gold_sql }) => gold_sql);
}

interface Judged {
  readonly allowed: number;
  readonly forCalls: number;
  readonly otherwise: number;
  /** In ms, each. */
  readonly times: readonly number[];
}

async function judgeAll(guard: Guard, statements: readonly string[]): Promise<Judged> {
  let [allowed, forCalls] = [0, 0];
  const times: number[] = [];
  for (const sql of statements) {
    const started = performance.now();
    const verdict = await guard.check(sql);
    times.push(performance.now() - started);
    if (verdict.verdict === 'allow') allowed++;
    else if (verdict.code === 'FUNCTION_NOT_ALLOWED') forCalls++;
  }
  return { allowed, forCalls, otherwise: statements.length - allowed - forCalls, times };
}

const percent = ({ allowed, times }: Judged): number => (100 * allowed) / Math.max(1, times.length);

/** Statements as large as there may be, and larger ones, of forms that cost parsers their stack or their time. */
async function longest(guard: Guard): Promise<number> {
  const fill = (text: string) => text.repeat(Math.floor((MAX_STATEMENT_BYTES - 100) / text.length));
  const statements = [
    `select ${fill('(')}`,
    `select 1${fill('+1')}`,
    `select 1${fill(' union select 1')}`,
    `select ${fill('[')}`,
    `select ${fill('case when ')}`,
    `select '${fill("''")}`,
    `${fill('/*')}`,
    `[${fill('{"$match":')}`,
    `select ${'('.repeat(MIB)}`,
  ];
  let worst = 0;
  for (const sql of statements) {
    const started = performance.now();
    await guard.check(sql);
    worst = Math.max(worst, performance.now() - started);
  }
  return worst;
}

/** What the process holds more than before; the parsers' own heaps are in it. */
async function growth(guard: Guard, statements: readonly string[]): Promise<number> {
  const run = async (count: number) => {
    for (let index = 0; index < count; index++) await guard.check(statements[index % statements.length] ?? '');
  };
  const held = () => {
    globalThis.gc?.();
    return process.memoryUsage.rss();
  };
  await run(GROWTH_STATEMENTS / 10);
  const before = held();
  await run(GROWTH_STATEMENTS);
  return (held() - before) / MIB;
}
