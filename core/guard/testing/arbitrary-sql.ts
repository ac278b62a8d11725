import fc from 'fast-check';

/** Random SELECTs that both grammars accept, over t(a, b, c) and u(d), with a place for any one expression. */
export interface Sample {
  /** The statement with `expression` somewhere in it: in any clause, at any depth. */
  with(expression: string): string;
}

const HOLE = '\u0001';
const COLUMNS = ['a', 'b', 'c', 't.a', 't.b'];
const LITERALS = ['1', '0', '2.5', "'x'", "'it''s; drop table t'", 'null'];
const OPERATORS = ['+', '-', '*', '=', '<>', '<=', 'and', 'or', '||', 'like'];

const { scalar, aggregate } = fc.letrec<{ scalar: string; leaf: string; aggregate: string }>((tie) => {
  const inner = tie('scalar');
  const pair = fc.tuple(inner, inner);
  return {
    leaf: fc.constantFrom(...COLUMNS, ...LITERALS),
    scalar: fc.oneof(
      { maxDepth: 4 },
      tie('leaf'),
      fc.tuple(inner, fc.constantFrom(...OPERATORS), inner).map((parts) => `(${parts.join(' ')})`),
      inner.map((text) => `(not ${text})`),
      inner.map((text) => `(${text} is not null)`),
      inner.map((text) => `cast(${text} as integer)`),
      inner.map((text) => `coalesce(${text}, 0)`),
      pair.map(([when, then]) => `case when ${when} then ${then} else 0 end`),
      pair.map(([left, right]) => `(${left} between 0 and ${right})`),
      pair.map(([left, right]) => `(${left} in (1, ${right}))`),
      inner.map((text) => `(select max(${text}) from u)`),
      inner.map((text) => `exists (select 1 from u where ${text})`),
    ),
    aggregate: fc.oneof(
      inner.map((text) => `sum(${text}) filter (where ${text} is null)`),
      inner.map((text) => `count(distinct ${text})`),
      inner.map((text) => `max(${text})`),
    ),
  };
});

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
  scalar,
  aggregate,
  fc
    .tuple(aggregate, scalar)
    .map(([called, by]) => `${called.replace('distinct ', '')} over (partition by ${by} order by a)`),
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
  where: scalar,
  groupBy: scalar,
  having: aggregate,
  orderBy: scalar,
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
    `where ${at(2, parts.where)}`,
    `group by ${at(3, parts.groupBy)}`,
    `having ${at(4, parts.having)}`,
    `order by ${at(5, parts.orderBy)}`,
    `limit ${hole === 6 ? HOLE : parts.limit}`,
  ].join(' ');
  return SHAPES[shape]?.(select) ?? select;
}

export const arbitrarySelect: fc.Arbitrary<Sample> = clauses.map((parts) => {
  const written = write(parts);
  return { with: (inner) => written.replaceAll(HOLE, inner), toString: () => written };
});
