import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dialect } from '../dialects.ts';
import { loadGuard } from '../guard/load-guard.ts';
import { arbitrarySelect } from '../guard/testing/arbitrary-sql.ts';
import { SQL_DIALECTS } from '../guard/testing/sql-dialects.ts';
import type { TableName } from '../guard/verdict.ts';
import { type Catalogue, judge } from './judge.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Relation } from './relation.ts';

const MASKING = `
version: 1
tables: { deny: ["*.audit", "hr.*"] }
columns: { deny: ["users.password"] }
masks: [{ columns: ["users.email", "t.v"], show: partial }]
views: { trusted: [safe_users] }
`;

const table = (
  schema: string | null,
  name: string,
  columns: readonly string[],
  more: Partial<Relation> = {},
): Relation => ({
  asked: { schema: null, name },
  name: { schema, name },
  parents: [],
  columns: columns.map((column) => ({ name: column, aliases: [] })),
  reads: [],
  ...more,
});

const read = (name: string, column: string | null) => ({ schema: 'public', name, column });

/** A catalogue as an engine would tell it; every table by its name alone and with its schema. */
const CATALOGUE: readonly Relation[] = [
  table('public', 'users', ['id', 'email', 'password', 'country']),
  table('public', 'orders', ['id', 'user_id', 'total', 'email_sent']),
  table('public', 'contacts', ['id', 'email']),
  table('public', 'audit', ['id']),
  table('hr', 'staff', ['id']),
  table('public', 'users_eu', ['id', 'email', 'password', 'country'], {
    parents: [{ schema: 'public', name: 'users' }],
  }),
  table('public', 'user_mails', ['id', 'address'], { reads: [read('users', 'id'), read('users', 'email')] }),
  table('public', 'user_countries', ['country'], { reads: [read('users', 'country')] }),
  table('public', 'all_users', ['id'], { reads: [read('users', null)] }),
  table('public', 'audit_days', ['day'], { reads: [read('audit', 'id')] }),
  table('public', 'safe_users', ['id', 'mail'], { reads: [read('users', 'email')] }),
  table('public', 'planner_view', ['vals'], {
    reads: [{ schema: 'pg_catalog', name: 'pg_stats', column: 'most_common_vals' }],
  }),
  table('public', 't', ['a', 'b', 'c', 'id', 'v']),
  table('public', 'u', ['d']),
  table('pg_catalog', 'pg_class', ['relname']),
  table('pg_catalog', 'pg_stats', ['tablename', 'most_common_vals']),
];

async function verdictOf(dialect: Dialect, statement: string, { policy = MASKING, offline = false } = {}) {
  const allowed = await (await loadGuard(dialect)).check(statement);
  if (allowed.verdict === 'deny') throw new Error(allowed.reason);
  const catalogue: Catalogue = offline
    ? { kind: 'offline', defaultSchema: 'public' }
    : { kind: 'known', relations: allowed.tables.flatMap((asked) => resolve(asked)) };
  return judge({ policy: parsePolicy(policy, 'test'), statement, allowed, catalogue });
}

function resolve(asked: TableName): Relation[] {
  const same = (a: string | null, b: string | null) => a?.toLowerCase() === b?.toLowerCase();
  const found = CATALOGUE.find(
    ({ name }) => same(name.name, asked.name) && same(asked.schema ?? name.schema, name.schema),
  );
  return found === undefined ? [] : [{ ...found, asked }];
}

/** Each way that GUARD's eighth principle names, and what they gave rise to. */
const LEAKS: readonly (readonly [string, string])[] = [
  ['a filter', "select id from users where email = 'x'"],
  ['a filter in a subquery', "select id from orders where user_id in (select id from users where email like 'a%')"],
  ['an expression', 'select upper(email) from users'],
  ['a concatenation', "select email || '' from users"],
  ['a star in a derived table', 'select x.email from (select * from users) x'],
  ['a qualified star in a derived table', 'select x.email from (select u.* from users u) x'],
  ['a column of a derived table', 'select e from (select email as e from users) x'],
  ['a derived table of a derived table', 'select e from (select e from (select email as e from users) x) y'],
  ['a common table expression', 'with x as (select * from users) select email from x'],
  ['one that has the name of a table', 'with orders as (select email as total from users) select total from orders'],
  [
    'one inside that has the name of its own table',
    'select * from (with x as (select * from users) select * from x) y',
  ],
  ['a scalar subquery', 'select (select email from users limit 1)'],
  ['USING', 'select users.id from users join contacts using (email)'],
  ['a natural join', 'select users.id from users natural join contacts'],
  ['a join condition', 'select users.id from users join contacts on contacts.email = users.email'],
  ['grouping', 'select count(*) from users group by email'],
  ['grouping by position', 'select email, count(*) from users group by 1'],
  ['an order', 'select id from users order by email'],
  ['an order by position', 'select id, email from users order by 2'],
  ['an order by position behind a star', 'select * from t order by 5'],
  ['an order by position behind a qualified star', 'select t.*, a from t order by 6'],
  ['an order by alias', 'select id, email as e from users order by e'],
  ['DISTINCT', 'select distinct email from users'],
  ['a set operation', 'select email from users union all select email from contacts'],
  ['a set operation, on its right', 'select email from contacts union all select email from users'],
  ['a set operation of stars', 'select * from contacts except select id, email from users'],
  ['an aggregate', 'select min(email) from users'],
  ['a filter of an aggregate', "select count(*) filter (where email = 'x') from users"],
  ['a window', 'select id, row_number() over (order by email) from users'],
  ['HAVING', "select country from users group by country having min(email) > 'a'"],
  ['a limit', 'select id from orders limit (select length(email) from users limit 1)'],
  ['CASE', "select case when email = 'x' then 1 end from users"],
  ['IN', "select 1 from orders where 'x' in (select email from users)"],
  [
    'a correlated subquery',
    "select id from orders where exists (select 1 from users where users.id = user_id and email = 'x')",
  ],
  [
    'an unqualified column of an outer query',
    "select id from users where exists (select 1 from orders where email = 'x')",
  ],
  ['a column with its schema', 'select upper(public.users.email) from public.users'],
  ['the column of a table further out', 'select (select x.email from contacts x, (select 1) y) from users x'],
  ['one that only an outer table has', 'select (select x.password from orders x) from users x'],
  ['one behind a derived table', 'select (select z.e from (select x.email as e from u) z, orders x) from users x'],
  ['a partition', 'select upper(email) from users_eu'],
  ['a view', 'select address from user_mails'],
  ['a view that reads whole rows', 'select id from all_users'],
  ['a view over a denied table', 'select day from audit_days'],
  ['a view over statistics', 'select vals from planner_view'],
  ['a denied column', 'select password from users'],
  ['a denied column in another case', 'select PassWord from users'],
  ['a star over a denied column', 'select * from users'],
  ['a qualified star over a denied column', 'select orders.id, users.* from users, orders'],
  ['a denied column of a partition', 'select password from users_eu'],
  ['one with its schema', 'select public.users_eu.password from users_eu'],
  ['a denied table', 'select 1 from audit'],
  ['a denied table that only counts', 'select count(*) from audit'],
  ['a denied schema', 'select id from hr.staff'],
];

const POSTGRES_LEAKS: readonly (readonly [string, string])[] = [
  ['a whole row', 'select users from users'],
  ['a whole row by an alias', 'select u from users u'],
  ['a whole row as JSON', 'select to_jsonb(users) from users'],
  ['a whole row as text', 'select users::text from users'],
  ['a whole row in an aggregate', 'select json_agg(u) from users u'],
  ['a whole row in a row', 'select row(u.*) from users u'],
  ['a whole row compared', 'select id from users where users > row(1)'],
  ['a field of a whole row', 'select (u).email from users u'],
  ['a field by functional notation', 'select length(u) from users u'],
  ['columns under other names', 'select x.b from users as x(a, b)'],
  ['a join under another name', 'select j.email from (users join orders on true) as j'],
  ['a column of no table', 'select upper(nobody.email) from users'],
  ['LATERAL', 'select l.e from users, lateral (select email as e) l'],
  ['a table function of a column', "select x from users, regexp_split_to_table(email, '') x"],
  ['DISTINCT ON', 'select distinct on (email) id from users'],
  ['a table', 'table users'],
  ['statistics', "select most_common_vals from pg_stats where tablename = 'users'"],
  ['statistics with their schema', 'select most_common_vals from pg_catalog.pg_stats'],
  ['VALUES', 'values ((select email from users limit 1))'],
  ['an array of a subquery', 'select array(select email from users)'],
  ['a merged column of a join', 'select email from users full join contacts using (email)'],
];

const HONEST: readonly string[] = [
  'select id, email from users',
  'select email as mail, country from users order by country desc limit 5',
  'select u.email from users u join orders o on o.user_id = u.id where o.total > 10 order by o.total',
  'select count(*) from users',
  'select country, count(*) from users group by country order by 2 desc',
  'select email from contacts',
  "select email from contacts where email like 'a%' order by email",
  'select * from orders where user_id in (select id from users)',
  'select o.*, u.country from orders o join users u on u.id = o.user_id',
  'select * from orders natural join u',
  'with x as (select id, country from users) select * from x',
  "with users as (select 'a' as email) select upper(email) from users",
  'select x.email from (select 1 as email) x',
  'select email_sent from orders, users',
  'select country from user_countries',
  'select mail from safe_users',
  'select email from users_eu',
  'explain select email from users',
];

describe.each(SQL_DIALECTS)('$dialect', ({ dialect }) => {
  const leaks = dialect === 'postgres' ? [...LEAKS, ...POSTGRES_LEAKS] : LEAKS;
  test.each(leaks)('nothing comes through %s', async (_, sql) => {
    expect(await verdictOf(dialect, sql)).toMatchObject({ verdict: 'deny', code: 'POLICY_DENIED' });
  });

  test.each(HONEST)('allows %s', async (sql) => {
    expect(await verdictOf(dialect, sql)).toMatchObject({ verdict: 'allow' });
  });

  test('a masked column anywhere in any statement is a denial, and a statement without it is none', async () => {
    const property = fc.asyncProperty(arbitrarySelect, async (sample) => {
      expect(await verdictOf(dialect, sample.with('abs(1)'))).toMatchObject({ verdict: 'allow' });
      expect(await verdictOf(dialect, sample.with('v'))).toMatchObject({ verdict: 'deny', code: 'POLICY_DENIED' });
      expect(await verdictOf(dialect, sample.with('(select v from t limit 1)'))).toMatchObject({ verdict: 'deny' });
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

describe('what a denial says', () => {
  test.each([
    ['select 1 from audit', 'The policy does not let public.audit be read (tables.deny: "*.audit").'],
    [
      'select password from users',
      'The policy does not let public.users.password be read (columns.deny: "users.password").',
    ],
    ['select * from users', 'reads all columns, and the policy does not let public.users.password be read'],
    ['select upper(email) from users', 'The policy masks public.users.email (masks: "users.email")'],
    [
      'select address from user_mails',
      'The view public.user_mails reads public.users.email, which the policy protects',
    ],
  ])('%s', async (sql, reason) => {
    const verdict = await verdictOf('postgres', sql);
    expect(verdict.verdict === 'deny' && verdict.reason).toContain(reason);
  });

  test('the place of a column', async () => {
    const verdict = await verdictOf('postgres', "select id\nfrom users where 'é' = email");
    expect(verdict).toMatchObject({ where: { line: 2, column: 24 } });
  });
});

describe('masks', () => {
  test('are those of every table read, and those named by the statement are to be there', async () => {
    const verdict = await verdictOf('postgres', 'select users.email as a, t.* from users, t');
    expect(verdict.verdict === 'allow' && verdict.masks).toEqual([
      { schema: 'public', table: 't', column: 'v', mask: 'partial', isNamed: false },
      { schema: 'public', table: 'users', column: 'email', mask: 'partial', isNamed: true },
    ]);
  });

  test('of a partition are under its own name', async () => {
    const verdict = await verdictOf('postgres', 'select email from users_eu');
    expect(verdict.verdict === 'allow' && verdict.masks).toMatchObject([{ table: 'users_eu', column: 'email' }]);
  });
});

test('a table that is not there is the engine’s error, and not a rule’s', async () => {
  expect(await verdictOf('postgres', 'select id from nowhere')).toMatchObject({ code: 'RELATION_NOT_FOUND' });
});

describe('allow-lists', () => {
  const policy = 'version: 1\ntables: { allow: ["public.o*", users] }\ncolumns: { allow: ["orders.*", "users.id"] }';
  test.each([
    ['select total from orders', 'allow'],
    ['select * from orders', 'allow'],
    ['select id from users', 'allow'],
    ['select count(*) from users', 'allow'],
    ['select * from users', 'deny'],
    ['select email from users', 'deny'],
    ['select id from contacts', 'deny'],
    ['select id from hr.staff', 'deny'],
    ['select relname from pg_catalog.pg_class', 'deny'],
    ['select o.id from orders o join users u on u.email = o.email_sent', 'deny'],
  ])('%s', async (sql, verdict) => {
    expect(await verdictOf('postgres', sql, { policy })).toMatchObject({ verdict });
  });
});

test('SQLite: the other names of a key are its names', async () => {
  const allowed = await (await loadGuard('sqlite')).check('select rowid from users');
  if (allowed.verdict === 'deny') throw new Error(allowed.reason);
  const users = table(null, 'users', []);
  const relations = [{ ...users, columns: [{ name: 'id', aliases: ['rowid', 'oid', '_rowid_'] }] }];
  const policy = parsePolicy('version: 1\ncolumns: { deny: ["users.id"] }', 'test');
  const judged = judge({
    policy,
    statement: 'select rowid from users',
    allowed,
    catalogue: { kind: 'known', relations },
  });
  expect(judged).toMatchObject({
    verdict: 'deny',
  });
});

test('offline, a star may be any column', async () => {
  const options = { offline: true, policy: 'version: 1\ntables: { deny: ["hr.staff"] }\ncolumns: { deny: ["*.ssn"] }' };
  expect(await verdictOf('postgres', 'select id from orders', options)).toMatchObject({ verdict: 'allow' });
  expect(await verdictOf('postgres', 'select * from orders', options)).toMatchObject({ verdict: 'deny' });
  expect(await verdictOf('postgres', 'select id from staff', options)).toMatchObject({ verdict: 'allow' });
  expect(await verdictOf('postgres', 'select id from hr.staff', options)).toMatchObject({ verdict: 'deny' });
  expect(await verdictOf('postgres', 'select id from shop.staff', options)).toMatchObject({ verdict: 'allow' });
});

test.each(SQL_DIALECTS)(
  '$dialect: what is only explained shows nothing, and uses what it would use',
  async ({ dialect }) => {
    const explained = await verdictOf(dialect, 'explain select email from users');
    expect(explained.verdict === 'allow' && explained.masks).toMatchObject([{ column: 'email', isNamed: false }]);
    const filtered = await verdictOf(dialect, "explain select id from users where email = 'x'");
    expect(filtered).toMatchObject({ verdict: 'deny' });
  },
);

describe('MongoDB: fields that nobody can list', () => {
  const policy = parsePolicy(
    `
    version: 1
    columns: { deny: ['users."address.geo"'] }
    masks:
      - { columns: [users.email, '*."card.number"'], show: hash }
      - { columns: ['users.e*'], show: partial }`,
    'test',
  );
  const relation = (name: string): Relation => ({
    ...{
      asked: { schema: null, name },
      name: { schema: null, name },
      parents: [],
      columns: [],
      reads: [],
      isOpen: true,
    },
  });
  const judged = async (statement: object) => {
    const text = JSON.stringify(statement);
    const allowed = await (await loadGuard('mongodb')).check(text);
    if (allowed.verdict === 'deny') throw new Error(allowed.reason);
    const catalogue = { kind: 'known', relations: ['users', 'orders'].map(relation) } as const;
    return judge({ policy, statement: text, allowed, catalogue });
  };

  test('masks come by rule, in the order of the policy, and tell of any path', async () => {
    const verdict = await judged({ collection: 'users', find: {}, projection: { email: 1, name: 1 } });
    if (verdict.verdict === 'deny') throw new Error(verdict.reason);
    expect(verdict.masks.map(({ column, mask, isNamed }) => [column, mask, isNamed])).toEqual([
      ['users.email', 'hash', true],
      ['*."card.number"', 'hash', false],
      ['users.e*', 'partial', true],
    ]);
    const covering = (path: string) => verdict.masks.findIndex(({ covers }) => covers?.(path));
    expect(['email', 'email.domain', 'extra', 'card.number', 'card', 'name'].map(covering)).toEqual([
      0, 0, 2, 1, -1, -1,
    ]);
    expect(verdict.masks.map(({ touches }) => touches?.('card'))).toEqual([false, true, false]);
  });

  test.each([
    [{ collection: 'users', find: {} }, 'deny'],
    [{ collection: 'users', find: {}, projection: { address: 1 } }, 'deny'],
    [{ collection: 'users', find: {}, projection: { 'address.geo.lat': 1 } }, 'deny'],
    [{ collection: 'users', find: {}, projection: { 'address.city': 1 } }, 'allow'],
    [{ collection: 'users', find: { extra: 1 }, projection: { name: 1 } }, 'deny'],
    [{ collection: 'orders', find: {} }, 'allow'],
    [{ collection: 'orders', pipeline: [{ $unwind: '$card' }] }, 'deny'],
    [{ collection: 'orders', pipeline: [{ $group: { _id: '$status' } }] }, 'allow'],
    [{ collection: 'others', find: {} }, 'deny'],
  ])('%j: %s', async (statement, verdict) => {
    expect(await judged(statement)).toMatchObject({ verdict });
  });
});

describe('MongoDB: paths of fields', () => {
  const policy = `
    version: 1
    tables: { deny: [audit] }
    columns: { deny: [users.address, 'orders."buyer.card"'] }
    masks: [{ columns: [users.email], show: hash }]`;
  test.each([
    ['{"collection":"users","find":{},"projection":{"name":1}}', 'allow'],
    ['{"collection":"users","find":{},"projection":{"email":1}}', 'allow'],
    ['{"collection":"users","find":{"email":"x"},"projection":{"name":1}}', 'deny'],
    ['{"collection":"users","find":{},"projection":{"address.city":1}}', 'deny'],
    ['{"collection":"users","find":{}}', 'deny'],
    ['{"collection":"orders","find":{},"projection":{"buyer.name":1}}', 'allow'],
    ['{"collection":"orders","find":{},"projection":{"buyer":1}}', 'deny'],
    ['{"collection":"orders","distinct":"buyer.card.number"}', 'deny'],
    [
      '{"collection":"orders","pipeline":[{"$lookup":{"from":"audit","localField":"a","foreignField":"b","as":"c"}}]}',
      'deny',
    ],
    ['{"collection":"orders","pipeline":[{"$group":{"_id":"$status","n":{"$sum":1}}}]}', 'allow'],
    ['{"collection":"users","pipeline":[{"$group":{"_id":"$email","n":{"$sum":1}}}]}', 'deny'],
    ['[{"$group":{"_id":"$status","n":{"$sum":1}}}]', 'deny'],
  ])('%s', async (statement, verdict) => {
    const allowed = await (await loadGuard('mongodb')).check(statement);
    if (allowed.verdict === 'deny') throw new Error(allowed.reason);
    const catalogue = { kind: 'offline', defaultSchema: null } as const;
    expect(judge({ policy: parsePolicy(policy, 'test'), statement, allowed, catalogue })).toMatchObject({ verdict });
  });
});
