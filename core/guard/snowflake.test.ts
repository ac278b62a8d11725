import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadGuard } from './load-guard.ts';
import type { Allowed } from './verdict.ts';

async function allowed(sql: string): Promise<Allowed> {
  const verdict = await (await loadGuard('snowflake')).check(sql);
  if (verdict.verdict === 'deny') throw new Error(`${sql}: ${verdict.reason}`);
  return verdict;
}

const tablesOf = async (sql: string) =>
  (await allowed(sql)).tables.map(({ schema, name }) => (schema === null ? name : `${schema}.${name}`));
const columnsOf = async (sql: string) => (await allowed(sql)).columns;

/** Columns by role: `name` or `table.name`, with the tables it may belong to. */
async function usesOf(sql: string, role: 'shown' | 'used'): Promise<string[]> {
  const uses = (await allowed(sql)).columnUses.filter((use) => use.role === role);
  return uses.map(({ tables, name }) => `${tables.map((table) => table.name).join('|')}.${name}`).sort();
}

describe('tables', () => {
  test.each([
    ['select * from Orders, "Orders", orders', ['ORDERS', 'Orders']],
    ['select * from db.s.t, s.u, db..v, "d b"."S".w', ['DB.PUBLIC.V', 'DB.S.T', 'S.U', 'd b.S.W']],
    ['with t as (select * from t) select * from t', ['T']],
    ['with a as (select * from b), b as (select 1 as x) select * from a, b', ['B']],
    ['with recursive n as (select 1 as i union all select i + 1 from n) select * from n', []],
    ['with recursive n as (select i from n union all select i + 1 from n) select * from n', ['N']],
    ['with n as (select 1 as i union all select i + 1 from n) select * from n', ['N']],
    ['with t as (select 1 as x) select * from s.t', ['S.T']],
    ['select 1 from a at (offset => -1) asof join b match_condition (a.x > b.x) on a.y = b.y', ['A', 'B']],
    ['select * from ((select a from t) union (select b from u)) x, (v join w on true)', ['T', 'U', 'V', 'W']],
    ['select * from t, lateral flatten(input => (select array_agg(k) from secret)) f', ['SECRET', 'T']],
    ['select * from t pivot (sum(a) for b in (select c from u))', ['T', 'U']],
    ['select * from semantic_view(sv metrics m)', ['SV']],
    ['select ((select a from t) union select b from u)', ['T', 'U']],
    ['select * from t changes (information => default) at (offset => -1)', ['T']],
    ['select count(*) from last over (a)', ['LAST']],
    ['select v:from secret from t', ['T']],
    ['select a from t where exists (select 1 from (values (1)) v join secret on true)', ['SECRET', 'T']],
    ['select transform(a, x -> (select max(b) from u where c = x)) from t', ['T', 'U']],
  ])('%s', async (sql, tables) => {
    expect(await tablesOf(sql)).toEqual(tables);
  });
});

describe('columns', () => {
  test.each([
    ['select v:a.b[0]."C"::int, t.w:x from t', ['T.W', 'V']],
    ['select t.$1 from t', ['T.*']],
    ['select $1 from t', ['*']],
    ['select count(*) from t', []],
    ['select count(t.*), hash(*) from t', ['*', 'T.*']],
    ['select {*}, {t.* exclude a} from t', ['*', 'T.*']],
    ['select search((t.* exclude a), 1) from t', ['T.*']],
    ['select a from t natural join u', ['*', 'A']],
    ['select a from t join u using (k)', ['A', 'K']],
    ['select dateadd(day, 1, a), extract(year from b), last_day(c, month) from t', ['A', 'B', 'C']],
    ['select current_date, current_timestamp from t', []],
    ["select 'x' as a, interval '1 day', date '2024-01-01' from t", []],
    ['select round(expr => a, scale => 1) from t', ['A']],
    ['select s.t.a, db.s.t.b from db.s.t', ['T.A', 'T.B']],
    ['select a from t order by "b", C', ['A', 'C', 'b']],
    ['select x from (values (1)) v(x), t', ['X']],
    ['select prior x from t', ['PRIOR', 'X']],
    ['select 1 + prior x from t', ['PRIOR', 'X']],
    ['select connect_by_root a as r from t connect by prior b = c', ['A', 'B', 'C']],
    ['select final x from t', ['FINAL']],
  ])('%s', async (sql, columns) => {
    expect(await columnsOf(sql)).toEqual(columns);
  });

  test.each([
    'select p.x from t pivot (sum(a) for b in (1)) as p (x)',
    'select v from t unpivot (v for n in (a, b))',
    'select m from t match_recognize (order by a measures max(b) as m pattern (x) define x as c > 1)',
    'select * from t changes (information => default) at (offset => -1)',
    'select x.a from t as x (a, b)',
    "select a from t resample (using b increment by interval '1 day')",
  ])('all columns are used: %s', async (sql) => {
    expect(await usesOf(sql, 'used')).toContain('T.*');
  });

  test.each([
    'select a from (t join u on true) as j',
    'select a from t join u on true pivot (sum(a) for b in (1))',
    'select a from (t join u on true) pivot (sum(a) for b in (1))',
  ])('all columns of a join are used: %s', async (sql) => {
    expect(await usesOf(sql, 'used')).toContain('T|U.*');
  });

  test('a column by its place may be one of the queries around', async () => {
    expect(await usesOf('select (select $1) from t', 'used')).toEqual(['T.*']);
  });

  test('a qualifier with a schema finds its table', async () => {
    const { columnUses } = await allowed('select s.t.a from db.s.t, other.t');
    expect(columnUses.map(({ tables }) => tables)).toEqual([[{ schema: 'DB.S', name: 'T' }]]);
  });

  test.each([
    ['select a, t.b, * from t', ['T.*', 'T.A', 'T.B'], []],
    ['(select a as x from t) limit 1', ['T.A'], []],
    ['select a, b as c from t where d > 1', ['T.A', 'T.B'], ['T.D']],
    ['select a as x, x as y from t', ['T.X'], ['T.A', 'T.X']],
    ['select a as x, upper(x) from t', [], ['T.A', 'T.X']],
    ['select a as x from t where x > 1', [], ['T.A', 'T.X']],
    ['select a, b from t order by 2', ['T.A'], ['T.B']],
    ['select a as x from t qualify row_number() over (order by x) = 1', [], ['T.A', 'T.X']],
    ['select distinct a from t', [], ['T.A']],
    ['select a from t order by all', [], ['T.A']],
    ['select a from t union select b from t', [], ['T.A', 'T.B']],
    ['select a:b, a::int, a[0], $1 from t', [], ['T.*', 'T.A', 'T.A', 'T.A']],
    ['select * exclude (a) from t', [], ['T.*']],
    ['select t.* rename a as b from t', [], ['T.*']],
    ['select x from (select a as x from t)', ['.X'], ['T.A']],
  ])('shown and used: %s', async (sql, shown, used) => {
    expect(await usesOf(sql, 'shown')).toEqual(shown);
    expect(await usesOf(sql, 'used')).toEqual(used);
  });
});

/** Texts that look like code. */
const TEXTS = [
  'x',
  ';',
  '--',
  '//',
  '/*',
  '*/',
  '$',
  'drop table t',
  'system$wait(5)',
  '"',
  '@stage',
  '\n',
  '#',
  '{',
  "''",
  '\\\\',
];
const text = fc.array(fc.constantFrom(...TEXTS)).map((parts) => parts.join(' '));

/** Ways of writing a value that may hold any text, and space that does. */
const quoted = fc.oneof(
  text.map((inner) => `'${inner}'`),
  text.map((inner) => `'${inner.replaceAll('"', "\\'")}'`),
  text.map((inner) => `$$ ${inner.replaceAll('$', "'")} $$`),
);
const blank = fc.oneof(
  fc.constantFrom(' ', '\n', '\t', '\r\n'),
  text.map((inner) => ` --${inner.replaceAll('\n', ' ')}\n`),
  text.map((inner) => ` //${inner.replaceAll('\n', "'")}\r\n`),
  text.map((inner) => `/* ${inner.replaceAll(/\*\/|\/\*/g, '"')} */`),
);

const { value } = fc.letrec<{ value: string; item: string }>((tie) => {
  const inner = tie('value');
  return {
    item: inner,
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('a', 't.v', '"select"', '1', '.5e3', 'null', 'current_date', '$1', 't.$2', ':1', '?', "x'00ff'"),
      quoted,
      inner.map((of) => `(${of})`),
      inner.map((of) => `[${of}, 2]`),
      inner.map((of) => `{'k': ${of}, **v}`),
      inner.map((of) => `coalesce(${of}, 1)`),
      inner.map((of) => `transform(v, x int -> ${of})`),
      inner.map((of) => `reduce(v, 0, (acc, y) -> ${of})`),
      inner.map((of) => `round(expr => ${of})`),
      inner.map((of) => `sum(${of}) over (partition by a order by ${of} nulls last)`),
      inner.map((of) => `(select max(b) from u where c = ${of})`),
      inner.map((of) => `case when ${of} is null then ${of} end`),
      inner.map((of) => `try_cast(${of} as number(10, 2))`),
      fc
        .tuple(inner, fc.constantFrom('::int', '::varchar(3)', '[0]', "['k']", '::object(a int)'))
        .map(([of, to]) => `(${of})${to}`),
      fc.constantFrom('v:a', 'v:a.b[0]."C"', 't.v:from::timestamp_ntz', 'v[0].k:l'),
      fc
        .tuple(inner, fc.constantFrom('+', '||', '=', 'like', 'not ilike', 'is distinct from', 'rlike'), inner)
        .map((parts) => parts.join(' ')),
      fc.tuple(inner, inner).map(([of, within]) => `${of} in (${within}, 1)`),
      fc.tuple(inner, inner).map(([of, like]) => `${of} like any (${like}, 'x') escape '^'`),
    ),
  };
});

const HOLE = '\u0001';
const SHAPES: readonly string[] = [
  `select ${HOLE}`,
  `select ${HOLE} as x, * exclude (b), from t`,
  `select * replace (${HOLE} as a) from t`,
  `select a from t where ${HOLE} is not null`,
  `select a from t, lateral flatten(input => ${HOLE}) f`,
  `select a from t at (timestamp => ${HOLE}) as x`,
  `select a from t asof join u match_condition (t.a >= u.a) on ${HOLE} = 1`,
  `select a from t pivot (max(${HOLE}) for b in (any))`,
  `select a from t match_recognize (order by a pattern (x+ | y) define x as ${HOLE} > 1)`,
  `select a from t group by rollup (${HOLE}, a) having ${HOLE} = 1 order by ${HOLE} limit 1`,
  `select a from t start with a = 1 connect by prior a = ${HOLE}`,
  `select a from t qualify row_number() over (order by ${HOLE}) = 1`,
  `with q as (select ${HOLE} as x from t) select * from q`,
  `(select 1) union all by name (select ${HOLE} from t)`,
  `values (${HOLE}, 1)`,
  `explain using text select [${HOLE}] from t`,
];
const statement = fc
  .tuple(fc.constantFrom(...SHAPES), value, fc.array(blank, { minLength: 1, maxLength: 5 }))
  .map(([shape, of, blanks]) => {
    let at = 0;
    // The spaces of the shape alone: those of the value may stand in its texts.
    const spaced = shape.replace(/ /g, () => blanks[at++ % blanks.length] ?? ' ');
    const written = spaced.replaceAll(HOLE, () => `${of} || ${HOLE}`);
    return { with: (hole: string) => written.replaceAll(HOLE, () => hole), toString: () => written };
  });

test('any statement of the grammar is allowed, and refused with one harmful expression anywhere', async () => {
  const guard = await loadGuard('snowflake');
  const harmful = fc.constantFrom('system$wait(5)', 's.nextval', '"abs"(1)', 'my.udf(a)', '$name', 'm!predict(a)');
  await fc.assert(
    fc.asyncProperty(statement, harmful, async (sample, call) => {
      expect(await guard.check(sample.with('abs(1)'))).toMatchObject({ verdict: 'allow' });
      expect(await guard.check(sample.with(call))).toMatchObject({ verdict: 'deny' });
      expect(await guard.check(`${sample.with('abs(1)')} ; select 1`)).toMatchObject({ code: 'MULTIPLE_STATEMENTS' });
    }),
    { numRuns: 3_000 },
  );
});

test('a column is found wherever it stands', async () => {
  const guard = await loadGuard('snowflake');
  await fc.assert(
    fc.asyncProperty(statement, async (sample) => {
      const verdict = await guard.check(sample.with('secret'));
      expect(verdict).toMatchObject({ verdict: 'allow', columns: expect.arrayContaining(['SECRET']) });
    }),
    { numRuns: 2_000 },
  );
});

test('no text between quotes or in a comment changes the verdict on what follows', async () => {
  const guard = await loadGuard('snowflake');
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          quoted,
          blank.map((space) => `1${space}`),
        ),
      ),
      async (items) => {
        const list = ['1', ...items].join(', ');
        expect(await guard.check(`select ${list}`)).toMatchObject({ verdict: 'allow' });
        expect(await guard.check(`select ${list}, system$wait(5)`)).toMatchObject({ code: 'FUNCTION_NOT_ALLOWED' });
      },
    ),
    { numRuns: 3_000 },
  );
});

test.each([
  'select 1 /* /* */ , system$wait(5) /* */ */',
  'select 1 -- \r, system$wait(5)',
  'select 1 -- \u2028, system$wait(5)',
  'select 1 // \u0085, system$wait(5)',
  'select 1 # \n, 2',
  'select $$ a $ $$ $$',
  'select $tag$ a $tag$',
  'select "" from t',
  'select 1\u00a0',
])('what could be read in two ways is refused: %j', async (sql) => {
  expect(await (await loadGuard('snowflake')).check(sql)).toMatchObject({ verdict: 'deny' });
});

test.each([
  "select 'hunter2",
  "select a 'hunter2' 'hunter2' from t",
  "select system$wait('hunter2')",
  "select * from table('hunter2')",
  'select $$hunter2',
  'select $hunter2',
  'select 12hunter2',
  'select a b hunter2 from t',
])('a refusal quotes no literal: %s', async (sql) => {
  const verdict = await (await loadGuard('snowflake')).check(sql);
  expect(verdict.verdict).toBe('deny');
  expect(JSON.stringify(verdict)).not.toContain('hunter2');
});

const MANY = Array.from({ length: 5_000 }, (_, index) => `,t${index}`).join('');
test.each([
  `select ${'a,'.repeat(8_000)}1 from t${',t'.repeat(20_000)}`,
  `select ${'a,'.repeat(8_000)}1 from t${MANY}`,
  `select ${'*,'.repeat(10_000)}1 from t${MANY}`,
  `select ${'s.t.a,'.repeat(4_000)}1 from t${MANY}`,
  `select ${'(select a from u),'.repeat(1_500)}1 from t${MANY}`,
  `with a0 as (select 1)${Array.from({ length: 2_000 }, (_, index) => `,b${index} as (select a from a0)`).join('')} select 1`,
  `select ${'abs((a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a)),'.repeat(1_200)}1`,
])('a large statement gets its verdict soon', async (sql) => {
  const guard = await loadGuard('snowflake');
  const started = performance.now();
  expect(await guard.check(sql)).toMatchObject({ verdict: 'allow' });
  expect(performance.now() - started).toBeLessThan(1_000);
});
