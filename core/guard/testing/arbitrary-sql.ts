import fc from 'fast-check';

/** Random SELECTs that both grammars accept, over t(a, id, b, c) and u(d), with a place for any one expression. */
export interface Sample {
  /** The statement with `expression` somewhere in it: in any clause, at any depth. */
  with(expression: string): string;
}

const HOLE = '\u0001';
const NUMBERS = ['a', 'id', 't.a', 't.id', '1', '0', '25', 'null'];
const TEXTS = ['b', 'c', 't.b', "'x'", "'it''s; drop table t'"];

const { number, condition } = fc.letrec<{ number: string; condition: string }>((tie) => {
  const value = tie('number');
  const test = tie('condition');
  const text = fc.constantFrom(...TEXTS);
  const write = (parts: readonly string[]) => `(${parts.join(' ')})`;
  return {
    number: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...NUMBERS),
      fc.tuple(value, fc.constantFrom('+', '-', '*'), value).map(write),
      value.map((inner) => `cast(${inner} as integer)`),
      value.map((inner) => `coalesce(${inner}, 0)`),
      fc.tuple(test, value).map(([when, then]) => `case when ${when} then ${then} else 0 end`),
      test.map((inner) => `(select max(d) from u where ${inner})`),
    ),
    condition: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(value, fc.constantFrom('=', '<>', '<=', '>'), value).map(write),
      fc.tuple(text, fc.constantFrom('=', '<>', 'like', 'not like'), text).map(write),
      fc.tuple(test, fc.constantFrom('and', 'or'), test).map(write),
      test.map((inner) => `(not ${inner})`),
      value.map((inner) => `(${inner} is not null)`),
      fc.tuple(value, value).map(([left, right]) => `(${left} between 0 and ${right})`),
      fc.tuple(value, value).map(([left, right]) => `(${left} in (1, ${right}))`),
      test.map((inner) => `exists (select 1 from u where ${inner})`),
    ),
  };
});

const aggregate = fc.oneof(
  fc.tuple(number, condition).map(([inner, test]) => `sum(${inner}) filter (where ${test})`),
  number.map((inner) => `count(distinct ${inner})`),
  number.map((inner) => `max(${inner})`),
);

const SHAPES: Readonly<Record<string, (select: string) => string>> = {
  with: (select) => `with q as (${select}) select * from q`,
  'nested with': (select) => `select * from (with q as (${select}), r as (select * from q) select * from r) as z`,
  union: (select) => `select 1 union all select count(*) from (${select}) as z`,
  from: (select) => `select z.* from (${select}) as z, t`,
  exists: (select) => `select a from t where exists (${select})`,
  values: (select) => `values (1, exists (${select}))`,
  explain: (select) => `explain ${select}`,
};

const selected = fc.oneof(
  number,
  aggregate,
  fc.tuple(number, number).map(([inner, by]) => `sum(${inner}) over (partition by ${by} order by a)`),
);

interface Clauses {
  readonly selected: string;
  readonly from: string;
  readonly where: string;
  readonly groupBy: string;
  readonly having: string;
  readonly orderBy: string;
  readonly limit: string;
  readonly shape: string;
  readonly hole: number;
}

const clauses: fc.Arbitrary<Clauses> = fc.record({
  selected,
  from: fc.constantFrom(
    't',
    't join u on t.a = u.d',
    't left join u on true',
    't cross join (select d from u) as x',
    't, u',
  ),
  where: condition,
  groupBy: number,
  having: aggregate,
  orderBy: number,
  limit: fc.constantFrom('1', '10', '(select 3)'),
  shape: fc.constantFrom('plain', ...Object.keys(SHAPES)),
  hole: fc.nat({ max: 6 }),
});

/** The hole takes a place in one clause; coalesce keeps a bare number from meaning a column's position. */
function write({ hole, shape, ...parts }: Clauses): string {
  const at = (index: number, text: string) =>
    hole === index ? `coalesce(${HOLE}, ${text})` : `coalesce(${text}, null)`;
  const select = [
    `select ${at(0, parts.selected)}`,
    `from ${hole === 1 ? `t join u on ${HOLE} is not null` : parts.from}`,
    `where ${hole === 2 ? `${HOLE} is not null and ${parts.where}` : parts.where}`,
    `group by ${at(3, parts.groupBy)}, a, id, b, c`,
    `having ${at(4, parts.having)} is null`,
    `order by ${at(5, parts.orderBy)}`,
    `limit ${hole === 6 ? HOLE : parts.limit}`,
  ].join(' ');
  return SHAPES[shape]?.(select) ?? select;
}

export const arbitrarySelect: fc.Arbitrary<Sample> = clauses.map((parts) => {
  const written = write(parts);
  return { with: (inner) => written.replaceAll(HOLE, inner), toString: () => written };
});
