import { columnsOf, type MeasureCandidate, type Mention, measureIn } from '../link/mention.ts';
import type { Expression, Instance } from '../logical-form.ts';
import { isMeasure } from '../parse/parse-attribute.ts';
import type { AggregateName } from '../parse/question-tree.ts';
import { CannotRead } from './cannot-read.ts';
import { describeColumn } from './resolve-column.ts';
import { joinTo, type Scope } from './scope.ts';

/** Revenue as an expression: its total, or on average for each order. */
export function resolveMeasure(
  scope: Scope,
  { measure, per, quality }: MeasureCandidate,
  aggregate: AggregateName,
): Expression {
  scope.reading.cost += 1 - quality;
  const instance = joinTo(scope, measure.table);
  const factors = measure.factors.map((column) => ({ kind: 'column', instance, column }) as const);
  const [only] = factors;
  const discount = measure.discount === null ? null : ({ kind: 'column', instance, column: measure.discount } as const);
  const of: Expression = factors.length === 1 && only !== undefined ? only : { kind: 'product', factors, discount };
  const less = measure.discount === null ? '' : ` less ${describeColumn(measure.discount)}`;
  scope.reading.assumptions.add(`Revenue is the sum of ${measure.factors.map(describeColumn).join(' × ')}${less}.`);
  const total: Expression = { kind: 'aggregate', name: 'sum', of };
  if (aggregate === 'sum') return total;
  if (aggregate !== 'avg' || per === null || per.key === null) throw new CannotRead('an average of nothing named');
  if (per === measure.table) return { kind: 'aggregate', name: 'avg', of };
  const key: Expression = { kind: 'column', instance: joinTo(scope, per), column: per.key };
  return { kind: 'ratio', above: total, below: { kind: 'count', of: key.instance, distinct: key } };
}

/** The derived figure a mention means, unless this scope's table has a column of that name. */
export function derivedOf(scope: Scope, mention: Mention): MeasureCandidate | null {
  const own = columnsOf(mention).some(
    ({ column, quality }) => column.table === scope.instance.table && quality >= 0.9 && isMeasure(column),
  );
  const derived = own ? null : (measureIn(mention) ?? null);
  if (derived !== null) scope.reading.notes.set(mention, derived.measure.factors.map(describeColumn).join(' × '));
  return derived;
}

/** The rows an aggregate runs over. */
export function measuredInstance(expression: Expression): Instance | null {
  switch (expression.kind) {
    case 'count':
      return expression.of;
    case 'aggregate':
      return measuredInstance(expression.of);
    case 'product':
      return expression.factors[0] === undefined ? null : measuredInstance(expression.factors[0]);
    case 'ratio':
      return measuredInstance(expression.above);
    case 'column':
      return expression.instance;
    case 'date-unit':
      return null;
    default:
      return expression satisfies never;
  }
}
