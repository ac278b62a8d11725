import { type Expression, instancesOf, isAggregate, type Select } from '../logical-form.ts';
import { isMeasure } from '../parse/parse-attribute.ts';
import { sameExpression } from './apply-order.ts';
import { CannotRead } from './cannot-read.ts';
import { usedInstances } from './prune-joins.ts';
import { reachedFrom } from './reached-from.ts';

/** The same thing asked for twice: one of the two was another thing. */
export function refuseTwice({ outputs }: Select): void {
  const twice = outputs.some((output, at) => outputs.findIndex((other) => sameExpression(other, output)) !== at);
  if (twice) throw new CannotRead('the same column twice');
}

/** How many rows there are for each of these rows is always one; and an average beside a single figure has no group. */
export function refuseIdleGroups(select: Select, asked: readonly Expression[]): void {
  const { outputs, orderBy, having, groupBy } = select;
  const keys = groupBy.flatMap((key) => (key.kind === 'column' ? [key] : []));
  const aggregates = [
    ...outputs,
    ...orderBy.map(({ by }) => by),
    ...having.flatMap((one) => ('left' in one ? [one.left] : [])),
  ];
  const entities = keys.filter(({ column }) => column === column.table.key);
  const single = aggregates.some(
    (one) => one.kind === 'count' && entities.some(({ instance }) => reachedFrom(select, instance).has(one.of)),
  );
  const itself = aggregates.some(
    (one) =>
      one.kind === 'count' && one.distinct !== null && groupBy.some((key) => sameExpression(key, one.distinct ?? key)),
  );
  if (single || itself) throw new CannotRead('a count of what there is one of');
  const figures = keys.filter((key) => isMeasure(key.column) && !asked.some((one) => sameExpression(one, key)));
  const idle = figures.some(({ instance }) => keys.every((key) => key.instance !== instance || figures.includes(key)));
  if (idle && outputs.some(isAggregate)) throw new CannotRead('a figure of single rows beside one of all together');
}

/** "customers with orders in 2025", read of orders: a customer would be shown once for each. */
export function refuseRepeated(select: Select): void {
  const shown = select.outputs.flatMap((output) => (output.kind === 'column' ? [output.instance] : []));
  const whole = shown.some((instance) => reachedFrom(select, instance).size === instancesOf(select).length);
  const apart = shown.some((instance) => !reachedFrom(select, shown[0] ?? instance).has(instance));
  if (!whole && !apart && shown.length > 0) throw new CannotRead('a list with the same row several times');
}

/** A table to begin with that says nothing, and only repeats the rows of others. */
export function refuseIdleRoot(select: Select): void {
  if (select.joins.length === 0 || usedInstances(select).has(select.root)) return;
  const instances = instancesOf(select);
  const counts = [...select.outputs, ...select.orderBy.map(({ by }) => by)].filter(
    (expression) => expression.kind === 'count',
  );
  const counted = counts.some(({ of }) => of === select.root || !instances.includes(of));
  if (!counted) throw new CannotRead(`it is not clear how ${select.root.table.table.name} comes into it`);
}
