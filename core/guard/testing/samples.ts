import type { ErrorCode } from '../../errors.ts';
import type { Mutation } from './mutations.ts';

/** What a dialect's guard is tested with, besides the shared corpora. */
export interface Samples {
  readonly allowed: readonly string[];
  /** By the code of the refusal. */
  readonly refused: Readonly<Partial<Record<ErrorCode, readonly string[]>>>;
  /** Expressions that make any statement hostile that has one of them anywhere. */
  readonly harmful: readonly string[];
  /** Ways of writing that only this dialect has. */
  readonly mutations: readonly Mutation[];
  /**
   * The share of the statements that the engine accepts and calls no refused function that may be refused all the same:
   * relations that hold secrets, and statements of the engines' suites that their own grammars refuse.
   */
  readonly refusedAtMost: number;
}

/** Every SQL dialect accepts these. */
export const COMMON = [
  'select 1',
  'SELECT count(*) FROM orders;',
  "select created_at, updated_at, deleted, drop_off, insert_date from deliveries where status = 'delete from t'",
  'select o.id, c.name from orders o join customers as c on c.id = o.customer_id where o.total > 10 order by 2 desc limit 5 offset 1',
  'select * from a left join b using (id) cross join c natural join d',
  'with recent as (select * from orders where placed_at > 0), big as (select * from recent) select count(*) from big',
  'with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) select sum(i) from n',
  'values (1, 2), (3, 4)',
  'select x from (values (1), (2)) v union all select 3 except select 4 intersect select 5 order by 1',
  "select case when a > 1 then 'x' when a is null then 'y' else 'z' end, case a when 1 then 2 end from t",
  'select cast(a as integer), coalesce(a, 0), nullif(a, 1), abs(-a), round(a * 1.5), upper(b) || lower(b) from t',
  'select a from t where a in (1, 2, 3) and b not in (select b from u) and exists (select 1 from u where u.a = t.a)',
  "select a from t where a between 1 and 2 and b like 'x%' escape '!' and not (c is null or d is not null)",
  'select sum(a) over (partition by b order by c rows between 1 preceding and current row), row_number() over w from t window w as (order by a)',
  'select count(distinct a), sum(a) filter (where b > 1), avg(a) from t group by c having count(*) > 1',
  'select "Order ID", "select" from "My Table" as "t""x"',
  '-- a comment; drop table t\nselect /* delete from t; */ 1 -- the end',
  "select 'it''s; drop table t', '--', '/*'",
  "select replace(a, 'b', 'c'), substr(a, 1, 2), length(a), trim(a), min(a), max(a) from t",
  'explain select * from t',
];

/** None accepts these. */
export const NEVER = {
  NOT_READ_ONLY: [
    'insert into t values (1)',
    'update t set a = 1',
    'delete from t',
    'with x as (select 1) delete from t',
    'drop table t',
    'create table t (a integer)',
    'alter table t add column b integer',
    'begin',
    'commit',
    'rollback',
    'vacuum',
    'analyze',
    'explain delete from t',
  ],
  MULTIPLE_STATEMENTS: [
    'select 1; select 2',
    'select 1; drop table t',
    'select 1;;; drop table t',
    "select ';' ; delete from t",
  ],
  FUNCTION_NOT_ALLOWED: [
    'select my_function(1)',
    'select a from t where my_function(a) > 1',
    'select a from t order by my_function(a)',
    'select a from t limit (select my_function(1))',
    'select count(*) filter (where my_function(a)) from t',
    'select sum(a) over (order by my_function(b)) from t',
    'select * from my_function(1)',
    'select case when my_function(1) then 1 end',
    'select 1 in (select my_function(1))',
    'with x as (select my_function(1)) select 1',
    'select a from t group by a having my_function(a) > 0',
    'select 1 union select my_function(2)',
    'select * from t join u on my_function(t.a) = u.a',
    'select cast(my_function(1) as integer)',
    'select "my_function"(1)',
    'select my_function /* here */ (1)',
    'values (my_function(1))',
  ],
  STATEMENT_INVALID: [
    '',
    ' ',
    '-- only a comment',
    'selec 1',
    'select 1 from',
    'select (1',
    "select 'open",
    'select 1)',
    'select 1, from t',
  ],
} as const;
