import fc from 'fast-check';

/** Random SELECTs of MariaDB's grammar over t(a, b, id, data), u(d, a) and secret(id, k), most of which it can prepare. */
const TABLES = ['t', 'u', 'secret', '`secret`', 'Secret', 'q'];
const ALIASES = ['', '', ' as s', ' s', ' as S', ' as t', ' as `secret`'];
const COLUMNS = [
  'a',
  'b',
  'id',
  'd',
  'k',
  'K',
  '`k`',
  's.k',
  'S.k',
  's.id',
  't.a',
  'secret.k',
  'x',
  'x.x',
  'z.k',
  'q.k',
  '1',
  "'x'",
];

const word = (...words: readonly string[]) => fc.constantFrom(...words);
const write = (separator: string) => (parts: readonly string[]) => parts.join(separator);

const { query } = fc.letrec<{ query: string; expression: string; source: string; select: string }>((tie) => {
  const expression = tie('expression');
  const source = tie('source');
  const inner = tie('query');
  const list = fc.array(expression, { minLength: 1, maxLength: 2 }).map(write(', '));
  const maybe = (text: fc.Arbitrary<string>) => fc.oneof({ weight: 2, arbitrary: fc.constant('') }, text);
  const call = fc
    .tuple(
      word('count(distinct ', 'max(', 'concat (', 'coalesce(', 'hex(', 'if(1, 2, ', 'greatest(1, ', 'mod(2, '),
      expression,
    )
    .map(([name, argument]) => `${name}${argument})`);
  const over = fc
    .tuple(
      word('sum(', 'lag(', 'max('),
      expression,
      word(' over ()', ' over (partition by 1 order by a)', ' over (rows unbounded preceding)'),
    )
    .map(([name, argument, window]) => `${name}${argument})${window}`);
  const special = expression.chain((value) =>
    word(
      ...[`cast(${value} as char(3))`, `convert(${value} using utf8mb4)`, `trim(leading 'x' from ${value})`],
      ...[`substring(${value} from 1 for 2)`, `extract(year from ${value})`, `position('x' in ${value})`],
      ...[`case when ${value} then 1 else ${value} end`, `case ${value} when 1 then 2 end`, `interval(1, ${value})`],
      ...[`now() + interval ${value} day`, `date_add(now(), interval ${value} minute_second)`, `{fn hex(${value})}`],
      ...[`group_concat(${value} order by ${value} desc separator ',')`, `timestampdiff(month, ${value}, now())`],
      ...[
        `char(${value} using utf8mb4)`,
        `json_value(${value}, '$.a')`,
        `not ${value}`,
        `-${value}`,
        `binary ${value}`,
      ],
      ...[`${value} is not null`, `${value} between 1 and 2`, `${value} collate utf8mb4_bin`, `(${value})`],
      ...[
        `${value} in (1, 2)`,
        `${value} not like 'x' escape '!'`,
        `(${value}, 1) = (1, 1)`,
        `weight_string(${value})`,
      ],
    ),
  );
  const join = word(
    ' join ',
    ', ',
    ' left join ',
    ' natural join ',
    ' straight_join ',
    ' cross join ',
    ' right outer join ',
  );
  const condition = maybe(
    fc.oneof(
      expression.map((on) => ` on ${on}`),
      word(' using (id)', ' using (a)'),
    ),
  );
  const select = fc
    .record({
      options: word('', '', 'distinct ', 'all ', 'sql_no_cache straight_join '),
      items: fc
        .array(
          fc.oneof(
            expression,
            word('*', 't.*', 's.*'),
            expression.map((item) => `${item} as x`),
            expression.map((item) => `${item} 'k'`),
          ),
          {
            minLength: 1,
            maxLength: 2,
          },
        )
        .map(write(', ')),
      from: maybe(source.map((tables) => ` from ${tables}`)),
      where: maybe(expression.map((test) => ` where ${test}`)),
      group: maybe(list.map((by) => ` group by ${by}`)),
      rollup: word('', '', ' with rollup'),
      having: maybe(expression.map((test) => ` having ${test}`)),
    })
    .map(({ options, items, from, where, group, rollup, having }) =>
      [`select ${options}${items}${from}`, from && where, group, group && rollup, having].join(''),
    );
  const end = fc
    .tuple(
      maybe(list.map((by) => ` order by ${by}`)),
      word('', '', ' limit 1', ' limit 1, 2', ' limit 1 offset 1', ' offset 1 rows', ' limit rows examined 9'),
    )
    .map(write(''));
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      word(...COLUMNS),
      call,
      special,
      over,
      fc
        .tuple(
          expression,
          word(
            '+',
            '*',
            '||',
            '=',
            '<=>',
            'div',
            'mod',
            'xor',
            'and',
            'rlike',
            'sounds like',
            '<',
            '= any (select k from secret) or',
          ),
          expression,
        )
        .map(write(' ')),
      inner.map((text) => `(${text})`),
      inner.map((text) => `exists (${text})`),
      fc.tuple(expression, inner).map(([value, text]) => `${value} in (${text})`),
    ),
    source: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.tuple(word(...TABLES), ALIASES.length > 0 ? word(...ALIASES) : word('')).map(write('')),
      fc.tuple(source, join, source, condition).map(write('')),
      fc.tuple(inner, word('x', 's', 'secret', 'x (x)')).map(([text, alias]) => `(${text}) as ${alias}`),
      source.map((tables) => `(${tables})`),
    ),
    select,
    query: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.tuple(tie('select'), end).map(write('')),
      fc
        .tuple(tie('select'), word(' union ', ' union all ', ' except ', ' intersect '), tie('select'), end)
        .map(write('')),
      fc
        .tuple(inner, word(' union ', ' union all '), inner)
        .map(([left, operator, right]) => `(${left})${operator}(${right})`),
      fc
        .tuple(word('with q as', 'with recursive q (k) as', 'with secret as', 'with Secret as'), inner, inner)
        .map(([start, text, main]) => `${start} (${text}) ${main}`),
      inner.map((text) => `(${text})`),
      word('table t', 'table secret', 'values (1, 2)'),
    ),
  };
});

export const arbitraryMysqlSelect: fc.Arbitrary<string> = query;
