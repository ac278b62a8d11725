import { expect, test } from 'vitest';
import type { Dialect } from '../dialects.ts';
import { loadGuard } from './load-guard.ts';
import type { Reads } from './verdict.ts';

async function readsOf(dialect: Dialect, sql: string): Promise<Reads> {
  const verdict = await (await loadGuard(dialect)).check(sql);
  if (verdict.verdict === 'deny') throw new Error(verdict.reason);
  return verdict;
}

const names = ({ tables }: Reads) => tables.map(({ schema, name }) => (schema === null ? name : `${schema}.${name}`));

/** The same statement read by each guard. */
const COMMON: readonly { sql: string; tables: string[]; columns: string[]; functions?: string[] }[] = [
  {
    sql: 'select o.id, count(*), upper(name) from orders o join shop.customers c on c.id = o.customer_id group by 1',
    tables: ['orders', 'shop.customers'],
    columns: ['customers.id', 'name', 'orders.customer_id', 'orders.id'],
    functions: ['count', 'upper'],
  },
  { sql: 'select * from secret', tables: ['secret'], columns: ['*'] },
  { sql: 'select s.* from secret s', tables: ['secret'], columns: ['secret.*'] },
  { sql: 'select a from t join secret using (k)', tables: ['secret', 't'], columns: ['a', 'k'] },
  { sql: 'select a from t natural join secret', tables: ['secret', 't'], columns: ['*', 'a'] },
  { sql: 'with t as (select k from secret) select t.k from t', tables: ['secret'], columns: ['k'] },
  { sql: 'with secret as (select 1 as k) select k from secret', tables: [], columns: ['k'] },
  { sql: 'with secret as (select 1 as k) select k from main.secret', tables: ['main.secret'], columns: ['k'] },
  { sql: 'select x.k from (select k from secret) x', tables: ['secret'], columns: ['k'] },
  {
    sql: 'select 1 from t where exists (select 1 from secret s where s.k = t.a)',
    tables: ['secret', 't'],
    columns: ['secret.k', 't.a'],
  },
  {
    sql: 'select (with secret as (select 1 as k) select k from secret) as a, k from secret',
    tables: ['secret'],
    columns: ['k'],
  },
];

test.each(COMMON)('each dialect names what is read: $sql', async ({ sql, tables, columns, functions = [] }) => {
  for (const dialect of ['postgres', 'sqlite', 'duckdb'] as const) {
    const reads = await readsOf(dialect, sql);
    expect({ dialect, tables: names(reads), columns: reads.columns, functions: reads.functions }).toEqual({
      ...{ dialect, tables, columns, functions },
    });
  }
});

test.each([
  ['select s from secret s', ['s', 'secret.*']],
  ['select to_jsonb(secret) from secret', ['secret', 'secret.*']],
  ['select secret::text from secret', ['secret', 'secret.*']],
  ['select (select array_agg(s) from secret s)', ['s', 'secret.*']],
  ['select x.a from secret as x(a, b)', ['secret.*', 'secret.a']],
  ['select j.a from (secret join t on true) as j', ['*']],
  ['select (s).k from secret s', ['s', 'secret.*']],
  ['select hr.secret.k from hr.secret', ['secret.k']],
])('PostgreSQL: a whole row counts as all its columns: %s', async (sql, columns) => {
  expect((await readsOf('postgres', sql)).columns).toEqual(columns);
});

test.each([
  ['select t from secret t', ['secret.*', 't']],
  ['select * exclude (k) from secret', ['*']],
  ["select columns('k') from secret", ['*']],
  ['select #1 from secret', ['*']],
  ['select x.a from secret x(a, b)', ['secret.*', 'secret.a']],
  ['select k.a.b from secret', ['k']],
  ['select s.k.a from hr.secret s', ['secret.k']],
  ['select hr.secret.k from hr.secret', ['secret.k']],
  ['select db.hr.secret.k from db.hr.secret', ['secret.k']],
  ['select k.lower() from secret', ['k']],
  ['select list_transform(l, x -> x + k) from secret', ['k', 'l']],
  ["select data -> '$.k' from secret", ['data']],
  ['select [x + k for x in l] from secret', ['k', 'l']],
  ['summarize secret', ['*']],
  ['pivot secret on k in (1) using sum(v)', ['*', 'k', 'v']],
  ['unpivot secret on k, v', ['*']],
  ['from secret', ['*']],
  ['select a as b, b + 1 as c from t', ['a', 'b']],
])('DuckDB: each way of reading a column counts: %s', async (sql, columns) => {
  expect((await readsOf('duckdb', sql)).columns).toEqual(columns);
});

test('DuckDB: a qualifier may be a column, and an alias another item', async () => {
  const usesOf = async (sql: string) => {
    const verdict = await (await loadGuard('duckdb')).check(sql);
    if (verdict.verdict === 'deny') throw new Error(verdict.reason);
    return verdict.columnUses.map(({ tables, name, role, isGuess }) => [
      ...[tables.map((table) => table.name).join(), name, role, isGuess === true],
    ]);
  };
  expect(await usesOf('select o.id from secret, t as o')).toEqual([
    ['t', 'id', 'shown', false],
    ['secret,t', 'o', 'used', true],
  ]);
  expect(await usesOf('select s.* from secret s')).toEqual([
    ['secret', '*', 'shown', false],
    ['secret', 's', 'used', true],
  ]);
  // The nearest x may have no k.
  expect(await usesOf('select (select x.k from t x) from secret x')).toContainEqual(['secret', 'k', 'used', true]);
  expect(await usesOf('select k as b, b from secret')).toEqual([
    ['secret', 'k', 'used', false],
    ['secret', 'b', 'used', false],
  ]);
  expect(await usesOf('describe select k from secret')).toContainEqual(['secret', 'k', 'shown', false]);
  expect(await usesOf('select k from secret order by 1 collate nocase')).toEqual([['secret', 'k', 'used', false]]);
  expect(await usesOf('select k from secret order by #1')).toContainEqual(['secret', 'k', 'used', false]);
  expect(await usesOf('select * rename (k as z) from secret')).toEqual([['secret', '*', 'used', false]]);
});

test('PostgreSQL: an expression of WITH does not see itself or what follows it, unless recursive', async () => {
  expect(names(await readsOf('postgres', 'with t as (select * from t) select * from t'))).toEqual(['t']);
  expect(names(await readsOf('postgres', 'with a as (select * from b), b as (select 1) select * from a'))).toEqual([
    'b',
  ]);
  expect(
    names(await readsOf('postgres', 'with recursive t as (select 1 union all select * from t) select * from t')),
  ).toEqual([]);
});

test('names are folded as the engine folds them', async () => {
  expect(names(await readsOf('postgres', 'select * from Orders, "Orders", U&"\\0061b"'))).toEqual([
    'Orders',
    'ab',
    'orders',
  ]);
  expect(names(await readsOf('sqlite', 'select * from Orders, "ORDERS", [a b]'))).toEqual(['a b', 'orders']);
  expect((await readsOf('sqlite', 'select COUNT(*), Max(a) from t')).functions).toEqual(['count', 'max']);
});

test('SQLite: IN reads a table, a function and a column list alike', async () => {
  expect(names(await readsOf('sqlite', 'select a from t where a in secret'))).toEqual(['secret', 't']);
  expect((await readsOf('sqlite', "select a from t where a in json_each('[1]')")).functions).toEqual(['json_each']);
});

test.each<[Dialect, string, { line: number; column: number }]>([
  ['postgres', "select 'é😀',\n  bogus(1)", { line: 2, column: 3 }],
  ['postgres', "select '😀', bogus(1)", { line: 1, column: 13 }],
  ['postgres', 'select 1;\n\n  drop table t', { line: 3, column: 3 }],
  ['postgres', "select 'é' frm t where", { line: 1, column: 16 }],
  ['postgres', '  delete from t', { line: 1, column: 3 }],
  ['postgres', '-- x\n/* y */ delete from t', { line: 2, column: 9 }],
  ['duckdb', "select 'é😀',\n  bogus(1)", { line: 2, column: 3 }],
  ['duckdb', 'select 1;\n\n  drop table t', { line: 3, column: 3 }],
  ['duckdb', "select 'é😀' frm t where", { line: 1, column: 17 }],
  ['duckdb', '-- x\n/* /* */ y */ delete from t', { line: 2, column: 15 }],
  ['duckdb', "explain select 'é', bogus(1)", { line: 1, column: 21 }],
  ['sqlite', "select '😀', bogus(1)", { line: 1, column: 13 }],
  ['sqlite', 'select 1;\n\n  drop table t', { line: 3, column: 3 }],
  ['sqlite', 'select a\nfrom t wher x', { line: 2, column: 13 }],
])('%s: the place of a refusal counts characters: %s', async (dialect, sql, where) => {
  expect(await (await loadGuard(dialect)).check(sql)).toMatchObject({ verdict: 'deny', where });
});

test.each<[Dialect, string]>([
  ['postgres', "select 'a' 'hunter2'"],
  ['postgres', "select a from t where 'hunter2' b 'hunter2'"],
  ['postgres', "select 'hunter2"],
  ['postgres', 'select 12hunter2'],
  ['postgres', 'select $$hunter2'],
  ['postgres', "select repeat('hunter2', 1000000000)"],
  ['duckdb', "select 'a' 'hunter2'"],
  ['duckdb', "select 'hunter2"],
  ['duckdb', 'select $$hunter2'],
  ['duckdb', "select e'\\xhunter2"],
  ['duckdb', "select repeat('hunter2', 1000000000)"],
  ['duckdb', "from read_csv('hunter2')"],
  ['duckdb', "from 'hunter2.csv'"],
  ['duckdb', "select nextval('hunter2')"],
  ['duckdb', "set s3_secret = 'hunter2'"],
  ['duckdb', "attach 'hunter2'"],
  ['sqlite', "select 'hunter2"],
  ['sqlite', "select a from t where a 'hunter2' 'hunter2'"],
  ['sqlite', "select load_extension('hunter2')"],
  ['sqlite', "delete from t where a = 'hunter2'"],
])('%s: a refusal quotes no literal: %s', async (dialect, sql) => {
  const verdict = await (await loadGuard(dialect)).check(sql);
  expect(verdict.verdict).toBe('deny');
  expect(JSON.stringify(verdict)).not.toContain('hunter2');
});
