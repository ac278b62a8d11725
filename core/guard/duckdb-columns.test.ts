import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { ColumnUse } from './classify.ts';
import { loadGuard } from './load-guard.ts';
import { arbitrarySelect } from './testing/arbitrary-sql.ts';

/** Columns, fields and tables that share their names, so that every way of resolving them makes a difference. */
const TABLES = `
  create table t (a integer, b varchar, c varchar, id integer, k integer, s struct(a integer, k integer), l integer[]);
  create table u (d integer, k integer, o struct(id integer, a integer), t struct(a integer), x integer);
  create table o (id integer, a integer, w integer);
  insert into t values (1, 'x', 'y', 2, 3, {'a': 4, 'k': 5}, [6]);
  insert into u values (1, 2, {'id': 3, 'a': 4}, {'a': 5}, 6);
  insert into o values (1, 2, 3);`;
/** What would leave a column out of the scan that is shown. */
const OFF =
  'filter_pushdown,statistics_propagation,join_filter_pushdown,filter_pullup,empty_result_pullup,sampling_pushdown';

const Node = z.object({
  name: z.string(),
  extra_info: z.record(z.string(), z.unknown()),
  get children() {
    return z.array(Node);
  },
});
type Node = z.infer<typeof Node>;

interface Scan {
  readonly table: string;
  readonly columns: readonly string[];
}

function scansOf(node: Node): Scan[] {
  const below = node.children.flatMap(scansOf);
  const table = node.extra_info['Table'];
  if (typeof table !== 'string') return below;
  const projections = [node.extra_info['Projections']].flat().map((name) => String(name ?? '').split('.')[0] ?? '');
  return [...below, { table: table.split('.').at(-1) ?? '', columns: projections.filter((name) => name !== '') }];
}

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run(TABLES);
  await connection.run(`set disabled_optimizers = '${OFF}'`);
});
afterAll(() => connection.closeSync());

/** What DuckDB's plan reads, null where it cannot be planned. */
async function planned(sql: string): Promise<Scan[] | null> {
  try {
    const rows = await (await connection.run(`explain (format json) ${sql}`)).getRows();
    return z
      .array(Node)
      .parse(JSON.parse(String(rows[0]?.[1])))
      .flatMap(scansOf);
  } catch {
    return null;
  }
}

const names = (use: ColumnUse, { table }: Scan, column: string) =>
  use.tables.some(({ name }) => name === table) && (use.name === '*' || use.name === column);

async function expectAllNamed(sql: string): Promise<boolean> {
  const verdict = await (await loadGuard('duckdb')).check(sql);
  const scans = await planned(sql);
  if (verdict.verdict === 'deny' || scans === null) return false;
  const missed = scans.flatMap((scan) => {
    const columns = scan.columns.filter((column) => !verdict.columnUses.some((use) => names(use, scan, column)));
    const isNamed = verdict.tables.some(({ name }) => name === scan.table);
    return [...columns.map((column) => `${scan.table}.${column}`), ...(isNamed ? [] : [scan.table])];
  });
  expect(missed, sql).toEqual([]);
  return true;
}

const items = fc.constantFrom(
  ...[
    'a',
    't.a',
    'o.id',
    'o.a',
    'x.a',
    'x.k',
    't',
    'o',
    'x',
    'u.o.id',
    't.s.a',
    's.a',
    'u.t.a',
    'main.t.a',
    'main.t.s.k',
  ],
  ...[
    'main.o',
    '*',
    't.*',
    'o.*',
    'x.*',
    's.*',
    '* exclude (a)',
    '* replace (1 as a)',
    '* rename (a as z)',
    "columns('a|k')",
  ],
  ...["columns(c -> c like 'k%')", '#1', 'a as k', 'k as a', 'k', 'id as x', 'x', 'd as t', 'o as w', 'count(*)', 'w'],
  ...['(select max(k) from u)', '(select max(k) from u where d = a)', '(select x.k from (select 1 as k) z, t x)'],
  ...['list_transform([1], x -> x + k)', 'list_transform([t], lambda t: t.a)', '[x + k for x in [1]]', 'k + 1 as z'],
  ...[
    '(select x.k from (select x.k from u y) z, o x)',
    'sum(k) over (order by a)',
    'max(k) filter (where a > 1)',
    "{'q': k}.q",
  ],
  ...[
    'exists (from o where o.id = k)',
    'a in (select id from o)',
    'unnest(l)',
    'unnest([o])',
    'x.o.id',
    'a.k',
    'k.abs()',
  ],
  ...[
    't.s.a.abs()',
    'o.id.abs()',
    'case when a = 1 then k end',
    'coalesce(a, k)',
    'main.u.o.id',
    '(o).id',
    '(t.s).k',
    'o.x',
  ],
);
const sources = fc.constantFrom(
  ...[
    't',
    'u',
    'o',
    't as o',
    'u as t',
    't x',
    'u x',
    'o x',
    't, u',
    'u, t as o',
    'u, o',
    't as o, u as t',
    't join u using (k)',
  ],
  ...[
    't natural join o',
    't positional join u',
    't asof join u on t.k >= u.k',
    't semi join u using (k)',
    '(select * from t) x',
  ],
  ...[
    '(from u) t',
    '(from u) o, t',
    't x(p, q)',
    'u x(a, k)',
    'u, lateral (select u.k as a) x',
    't, (select t.k as w) o',
  ],
  ...[
    'u, unnest([u.k]) x(a)',
    'main.t',
    'main.t, memory.main.u',
    'memory.t x',
    '(values (1, 2)) x(a, k), t',
    'range(3) x(a), u',
  ],
  ...[
    'u pivot (sum(k) for d in (1, 2))',
    'u unpivot (a for z in (d, k))',
    '(t join u using (k)) x',
    '(summarize t) x',
    '(describe t) x',
  ],
  ...[
    't left join u x on t.a = x.k join o on o.id = x.d',
    '(select k as a, o from u) x',
    '(select t from t) x',
    '(table t) x, o',
  ],
);
const withs = fc.constantFrom(
  ...[
    '',
    '',
    '',
    'with t as (from u)',
    'with o as (select k as id, k as a from t)',
    'with x as (select a as k, id as a from t)',
  ],
  ...[
    'with t as (select * from t)',
    'with recursive t(a) as (select k from u union all select a + 1 from t where a < 3)',
  ],
  ...['with recursive t as (select a, k from t union select k, a from t)', 'with a1 as (from u), t as (from a1)'],
  ...['with o(id, a) as (from (select k, d from u))', 'with x as materialized (from t), o as (from x)'],
);
const tails = fc.constantFrom(
  ...[
    '',
    '',
    'where k = 1',
    'where o.id = 1',
    'where x.k = 1',
    'where z > 1',
    'where s.a = 1',
    'where t.a = 1',
    'order by k',
  ],
  ...[
    'group by all',
    'order by all',
    'order by 1',
    'order by x',
    'order by o.id',
    'limit 1',
    'limit (select max(w) from o)',
  ],
  ...[
    'group by k, a',
    'group by rollup (a, k)',
    'qualify row_number() over (order by a) = 1',
    'union all by name select k from u',
  ],
  ...[
    'where a in (select id from o where o.a = k)',
    'where exists (select 1 from u where u.k = t.k)',
    'having max(k) > 1',
  ],
);

const selects = fc.array(items, { minLength: 1, maxLength: 3 }).map((list) => list.join(', '));
const statements = fc
  .tuple(withs, selects, sources, tails, fc.constantFrom('', 'summarize ', 'select * from (', 'distinct'))
  .map(([head, list, source, tail, form]) => {
    const select = `${head} select ${form === 'distinct' ? 'distinct ' : ''}${list} from ${source} ${tail}`;
    if (form === 'distinct') return select;
    return form.endsWith('(') ? `${form}${select})` : `${form}${select}`;
  });

test('every column and every table that DuckDB scans is named', { timeout: 120_000 }, async () => {
  let compared = 0;
  const property = fc.asyncProperty(statements, async (sql) => {
    compared += Number(await expectAllNamed(sql));
  });
  await fc.assert(property, { numRuns: 10_000 });
  expect(compared).toBeGreaterThan(500);
  console.info(`duckdb: ${compared} of 10,000 statements planned and compared`);
});

/** The cells of a statement's result where t.k holds that value, null where it cannot be run. */
async function cellsWith(k: number, sql: string): Promise<string[] | null> {
  await connection.run(`update t set k = ${k}`);
  try {
    const rows = await (await connection.run(sql)).getRowsJson();
    return rows.flatMap((row) => row.map((cell) => JSON.stringify(cell)));
  } catch {
    return null;
  } finally {
    await connection.run('update t set k = 3');
  }
}

test('where a column is only shown, nothing but itself depends on it', { timeout: 120_000 }, async () => {
  const guard = await loadGuard('duckdb');
  let compared = 0;
  const property = fc.asyncProperty(statements, async (sql) => {
    const verdict = await guard.check(sql);
    if (verdict.verdict === 'deny') return;
    const uses = verdict.columnUses.filter((use) => names(use, { table: 't', columns: [] }, 'k'));
    if (uses.some(({ role }) => role === 'used')) return;
    const [three, other] = [await cellsWith(3, sql), await cellsWith(-77, sql)];
    if (three === null || other === null) return;
    compared++;
    const shown = three.map((cell, index) => (cell === '3' && other[index] === '-77' ? '-77' : cell));
    expect(shown, sql).toEqual(other);
  });
  await fc.assert(property, { numRuns: 5_000 });
  expect(compared).toBeGreaterThan(100);
});

test('random statements of all dialects', { timeout: 60_000 }, async () => {
  let planned = 0;
  for (const sample of fc.sample(arbitrarySelect, 500)) planned += Number(await expectAllNamed(sample.with('abs(a)')));
  expect(planned).toBeGreaterThan(50);
});
