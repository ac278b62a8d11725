import fc from 'fast-check';

/**
 * Random SELECTs of MariaDB's grammar over t, u and secret, each (a, b, id, k, d, data): names that mean one table or
 * another by scope, spelling and shadowing, in every clause.
 */
const TABLES = ['t', 'u', 'secret', 'secret', '`secret`', 'Secret', 'q'];
const ALIASES = ['', '', ' as s', ' s', ' as S', ' as x', ' as `secret`', ' t'];
const COLUMNS = [
  'a',
  'b',
  'id',
  'd',
  'k',
  'K',
  '`k`',
  'k',
  'id',
  's.k',
  'S.k',
  's.id',
  't.a',
  'secret.k',
  'x.k',
  'x.x',
];
const CONSTANTS = ['1', '2', "'x'", 'null', '@v', "date '2024-01-01'", "_utf8mb4'x'"];
const ITEMS = ['*', 't.*', 's.*', 'secret.*'];
const JOINS = [' join ', ', ', ' left join ', ' natural join ', ' straight_join ', ' cross join '];
const CONDITIONS = ['', '', ' on 1', ' using (id)', ' using (a)', ' on s.k = t.k', ' on t.id = secret.id'];
const OPERATORS = ['+', '*', '||', '=', '<=>', 'div', 'mod', 'xor', 'and', 'rlike', 'sounds like', '<', 'not like'];

/** An expression around the hole `$`. */
const FORMS = [
  ...['($)', '(- $)', '(not $)', '(binary $)', '($ is not null)', '($ between 1 and 2)', '($ in (1, 2))'],
  ...['($ collate utf8mb4_bin)', "($ like 'x' escape '!')", '(($, 1) = (1, 1))', '($ = any (select k from secret))'],
  ...['count(distinct $)', 'max($)', 'concat ($, 1)', 'coalesce($, 1)', 'if(1, 2, $)', 'mod(2, $)', 'hex($)'],
  ...[
    'sum($) over ()',
    'max(1) over (partition by $ order by a)',
    'count(*) over (order by $ rows unbounded preceding)',
  ],
  ...['cast($ as char(3))', 'convert($ using utf8mb4)', "trim(leading 'x' from $)", 'substring($ from 1 for 2)'],
  ...['extract(year from $)', "position('x' in $)", 'case when $ then 1 else $ end', 'case $ when 1 then 2 end'],
  ...['interval(1, $)', '(now() + interval $ day)', 'date_add(now(), interval $ minute_second)', '{fn hex($)}'],
  ...["group_concat($ order by $ desc separator ',')", 'timestampdiff(month, $, now())', 'char($ using utf8mb4)'],
  ...["json_value($, '$.a')", 'weight_string($)', 'json_extract(data, $)', 'exists (select $)'],
];
const TAILS = [
  '',
  '',
  '',
  ' order by 1',
  ' order by k desc',
  ' limit 1',
  ' order by x limit 1, 2',
  ' limit 1 offset 1',
];

const fill = (form: string, value: string) => form.replace(/\$(?!\.)/g, () => value);
const write = (parts: readonly string[]) => parts.join('');

type Ties = Readonly<Record<'expression' | 'source' | 'query', string>>;

type Tie = <K extends keyof Ties>(key: K) => fc.Arbitrary<Ties[K]>;

function clause(start: string, expression: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constant(''), weight: 3 },
    expression.map((text) => `${start}${text}`),
  );
}

function selectOf(tie: Tie): fc.Arbitrary<string> {
  const item = fc.oneof(
    { arbitrary: tie('expression'), weight: 3 },
    fc.constantFrom(...ITEMS),
    tie('expression').map((text) => `${text} as x`),
    tie('expression').map((text) => `${text} 'k'`),
  );
  return fc
    .tuple(
      fc.constantFrom('select ', 'select ', 'select distinct ', 'select all ', 'select straight_join '),
      item,
      fc.oneof(
        { arbitrary: fc.constant(''), weight: 3 },
        item.map((text) => `, ${text}`),
      ),
      tie('source').map((text) => ` from ${text}`),
      clause(' where ', tie('expression')),
      clause(' group by ', tie('expression')),
      clause(' having ', tie('expression')),
      fc.constantFrom(...TAILS),
    )
    .map(write);
}

function queryOf(tie: Tie): fc.Arbitrary<string> {
  const select = selectOf(tie);
  const inner = select.map((text) => `(${text})`);
  const starts = ['with q as ', 'with recursive q (k) as ', 'with secret as ', 'with Secret (k) as ', 'with s as '];
  return fc.oneof(
    { arbitrary: select, weight: 4 },
    inner,
    fc.tuple(inner, fc.constantFrom(' union ', ' union all ', ' except ', ' intersect '), inner).map(write),
    fc.tuple(fc.constantFrom(...starts), inner, fc.constant(' '), select).map(write),
    fc.constantFrom('table t', 'table secret', 'values (1), (2)'),
  );
}

function expressionOf(tie: Tie): fc.Arbitrary<string> {
  const inner = tie('expression');
  return fc.oneof(
    { maxDepth: 2 },
    { arbitrary: fc.constantFrom(...COLUMNS), weight: 4 },
    fc.constantFrom(...CONSTANTS),
    fc.tuple(fc.constantFrom(...FORMS), inner).map(([form, value]) => fill(form, value)),
    fc.tuple(inner, fc.constantFrom(...OPERATORS), inner).map((parts) => `(${parts.join(' ')})`),
    tie('query').map((text) => `(${text})`),
    tie('query').map((text) => `(1 in (${text}))`),
  );
}

function sourceOf(tie: Tie): fc.Arbitrary<string> {
  const table = fc.tuple(fc.constantFrom(...TABLES), fc.constantFrom(...ALIASES)).map(write);
  const derived = fc.tuple(tie('query'), fc.constantFrom('x', 's', 'secret', 'x (k)'));
  return fc.oneof(
    { maxDepth: 2 },
    { arbitrary: table, weight: 3 },
    fc.tuple(tie('source'), fc.constantFrom(...JOINS), tie('source'), fc.constantFrom(...CONDITIONS)).map(write),
    derived.map(([text, alias]) => `(${text}) as ${alias}`),
    tie('source').map((text) => `(${text})`),
  );
}

export const arbitraryMysqlSelect: fc.Arbitrary<string> = fc.letrec<Ties>((tie) => ({
  expression: expressionOf(tie),
  source: sourceOf(tie),
  query: queryOf(tie),
})).query;
