import { describe, expect, test } from 'vitest';
import type { ColumnUse } from './classify.ts';
import { loadGuard } from './load-guard.ts';
import type { Allowed } from './verdict.ts';

const DIALECTS = ['mysql', 'mariadb'] as const;

describe.each(DIALECTS)('%s', (dialect) => {
  async function readsOf(sql: string): Promise<Allowed> {
    const verdict = await (await loadGuard(dialect)).check(sql);
    if (verdict.verdict === 'deny') throw new Error(verdict.reason);
    return verdict;
  }

  test.each<[string, string[], string[]]>([
    [
      'select o.id, count(*), upper(name) from orders o join shop.customers c on c.id = o.customer_id group by 1',
      ['orders', 'shop.customers'],
      ['customers.id', 'name', 'orders.customer_id', 'orders.id'],
    ],
    ['select * from secret', ['secret'], ['*']],
    ['table secret', ['secret'], ['*']],
    ['select s.* from secret s', ['secret'], ['secret.*']],
    ['select db.s.* from secret s', ['secret'], ['secret.*']],
    ['select db.s.k from secret s', ['secret'], ['secret.k']],
    ['select db.secret.k from db.secret', ['db.secret'], ['secret.k']],
    ['select a from t join secret using (k)', ['secret', 't'], ['a', 'k']],
    ['select a from t natural join secret', ['secret', 't'], ['*', 'a']],
    ['select SECRET.K from Secret', ['secret'], ['secret.k']],
    ['select `k`, `secret`.`k` from `secret`', ['secret'], ['k', 'secret.k']],
    ['with t as (select k from secret) select t.k from t', ['secret'], ['k']],
    ['with secret as (select 1 as k) select k from secret', [], ['k']],
    ['with secret as (select 1 as k) select k from db.secret', ['db.secret'], ['k']],
    // An expression of WITH does not see itself, unless recursive, nor what follows it.
    ['with t as (select * from t) select * from t', ['t'], ['*']],
    ['with a as (select * from b), b as (select 1) select * from a', ['b'], ['*']],
    ['with recursive t as (select 1 union all select * from t) select * from t', [], ['*']],
    // Where names of tables are told apart by case, this reads a table.
    ['with Secret as (select 1 as k) select k from secret', ['secret'], ['k']],
    ['select x.k from (select k from secret) x', ['secret'], ['k']],
    ['select 1 from t where exists (select 1 from secret s where s.k = t.a)', ['secret', 't'], ['secret.k', 't.a']],
    // Where S and s are two aliases, S.k is a column of secret.
    ['select S.k from secret S, t s', ['secret', 't'], ['*', 't.k']],
    ['select (select a.t.k from b.t) from a.t', ['a.t', 'b.t'], ['*', 't.k']],
    ["select match (k) against ('x') from secret", ['secret'], ['k']],
    ['select group_concat(a order by k) from secret', ['secret'], ['a', 'k']],
    ["select j.x from secret, json_table(k, '$' columns (x int path '$')) j", ['secret'], ['k']],
    ['select _nix from secret', ['secret'], ['_nix']],
    ["select _nix'k' from secret", ['secret'], ['_nix']],
    ["select _utf8mb4'k' from secret", ['secret'], []],
    ['select "k", \'k\' from secret', ['secret'], []],
    ['select current_date from secret', ['secret'], []],
    ['select 1.k, t.1a, 2b from secret k, t', ['secret', 't'], ['2b', 't.1a']],
    ['select date, time, timestamp from secret', ['secret'], ['date', 'time', 'timestamp']],
    ['select GEHÄLT, İD, ΣΑΣ, `Kd` from secret', ['secret'], ['gehält', 'id', 'kd', 'σασ']],
    ['explain select k from secret', ['secret'], ['k']],
    ['select 1 from a left join (b, c join secret on k) on a.x = b.y', ['a', 'b', 'c', 'secret'], ['a.x', 'b.y', 'k']],
  ])('names what is read: %s', async (sql, tables, columns) => {
    const reads = await readsOf(sql);
    const names = reads.tables.map(({ schema, name }) => (schema === null ? name : `${schema}.${name}`));
    expect({ tables: names, columns: reads.columns }).toEqual({ tables, columns });
  });

  const shown = ({ name, role }: ColumnUse) => (role === 'shown' ? [name] : []);

  test.each<[string, string[]]>([
    ['select k, a from secret', ['k', 'a']],
    ['select secret.k from secret where a = 1', ['k']],
    ['select * from secret limit 1', ['*']],
    ['(select k from secret)', ['k']],
    ['table secret', ['*']],
    ['select k + 1, upper(a) from secret', []],
    ['select (k) from secret', []],
    ['select distinct k from secret', []],
    ['select k from secret group by k', []],
    ['select k from secret union select 1', []],
    ['(select k from secret) union (select 1)', []],
    ['select k, a from secret order by 1', ['a']],
    ['(select k, a from secret) order by 1', ['a']],
    ['select k as x, a from secret order by x', ['a']],
    ["select k 'x', a from secret having x > 1", ['a']],
    ['select k as X, (select x) from secret', []],
    ['select x from (select k as x from secret) y', ['x']],
    ['select k from secret where k = 1', ['k']],
    ['select t.k from t natural join secret', ['k']],
  ])('tells what is only shown: %s', async (sql, names) => {
    expect((await readsOf(sql)).columnUses.flatMap(shown)).toEqual(names);
  });

  test.each<[string, { line: number; column: number }]>([
    ["select '😀', bogus(1)", { line: 1, column: 13 }],
    ['select 1;\n\n  drop table t', { line: 3, column: 3 }],
    ['select a\nfrom t where', { line: 2, column: 13 }],
    ['# x\n/* y */ delete from t', { line: 2, column: 9 }],
    ['select 1 -- x\n, @a := 1', { line: 2, column: 6 }],
  ])('the place of a refusal counts characters: %s', async (sql, where) => {
    expect(await (await loadGuard(dialect)).check(sql)).toMatchObject({ verdict: 'deny', where });
  });

  test.each([
    "select 'hunter2",
    'select "hunter2',
    "select a from t where a 'hunter2' b",
    "select load_file('hunter2')",
    "delete from t where a = 'hunter2'",
    "select @'hunter2' 1 2",
    'select /*! hunter2 */ 1',
    "select /*+ set_var(x = 'hunter2') */ 1",
    "select repeat('hunter2', 1000000000)",
    "explain format='hunter2' select 1",
  ])('a refusal quotes no literal: %s', async (sql) => {
    const verdict = await (await loadGuard(dialect)).check(sql);
    expect(verdict.verdict).toBe('deny');
    expect(JSON.stringify(verdict)).not.toContain('hunter2');
  });
});
