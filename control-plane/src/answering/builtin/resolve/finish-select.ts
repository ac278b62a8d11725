import {
  type Condition,
  type Expression,
  type Instance,
  instancesOf,
  isAggregate,
  type Select,
} from '../logical-form.ts';
import { entityColumns, sameExpression } from './apply-order.ts';
import { CannotRead } from './cannot-read.ts';
import { displayColumns } from './display-columns.ts';
import { pruneJoins } from './prune-joins.ts';
import { reachedFrom } from './reached-from.ts';
import { refuseIdleGroups, refuseIdleRoot, refuseRepeated, refuseTwice } from './refuse-select.ts';

/**
 * Makes one consistent SELECT of what was gathered: groups what has to be grouped, shows what is
 * grouped by, and leaves out joins that nothing needs.
 */
export function finishSelect(select: Select): void {
  refuseContradictions(select.where);
  const aggregated =
    select.outputs.some(isAggregate) || select.orderBy.some(({ by }) => isAggregate(by)) || select.having.length > 0;
  if (aggregated) groupOutputs(select);
  else if (select.groupBy.length > 0) throw new CannotRead('“each” without a number to give for each');
  pruneJoins(select);
  refuseIdleRoot(select);
  refuseTwice(select);
  if (!aggregated) refuseRepeated(select);
  refuseDoubleCounting(select);
}

/** One value cannot be two, nor below 1945 and above 1955: then "and" meant something this cannot say. */
export function refuseContradictions(conditions: readonly Condition[]): void {
  const compared = conditions.filter((condition) => condition.kind === 'compare');
  for (const one of compared) {
    for (const other of compared) {
      if (one !== other && sameExpression(one.left, other.left) && contradict(one, other)) {
        throw new CannotRead('two conditions that exclude or repeat each other');
      }
    }
  }
}

type Comparison = Extract<Condition, { kind: 'compare' }>;

function contradict(one: Comparison, other: Comparison): boolean {
  if (one.operator === '=' && other.operator === '=') return one.right.text !== other.right.text;
  // "from X but not from Y": what is X is not Y anyhow, so rows of another kind were meant.
  if (one.operator === '=' && other.operator === '!=') return true;
  if (one.right.kind !== 'number' || other.right.kind !== 'number') return false;
  const upper = one.operator === '<' || one.operator === '<=';
  const lower = other.operator === '>' || other.operator === '>=';
  return upper && lower && one.right.number <= other.right.number;
}

function groupOutputs(select: Select): void {
  const plain = select.outputs.filter((output) => !isAggregate(output));
  const shown = select.groupBy.filter((key) => !isHiddenKey(select, key, plain));
  const missing = shown.filter(
    (key) => !plain.some((output) => sameExpression(output, key) || sameEntity(output, key)),
  );
  const wanted = select.outputs.some(isAggregate) || plain.length === 0;
  if (wanted) select.outputs.unshift(...missing);
  // What is grouped by leads the row, whatever the question's order.
  select.outputs.sort((one, other) => Number(isAggregate(one)) - Number(isAggregate(other)));
  if (select.outputs.every(isAggregate) && select.groupBy.length === 0) {
    if (select.having.length > 0) throw new CannotRead('a number of groups');
    if (select.orderBy.length > 0 || select.limit !== null)
      throw new CannotRead('a “most” or “least” of a single number');
    return;
  }
  const asked = [...select.groupBy];
  const keys = [...plain, ...asked];
  select.groupBy.length = 0;
  for (const key of [...keys, ...keys.flatMap((shownKey) => entityKey(select, shownKey))]) {
    if (!select.groupBy.some((known) => sameExpression(known, key))) select.groupBy.push(key);
  }
  refuseIdleGroups(select, asked);
  for (const { by } of select.orderBy) {
    if (!isAggregate(by) && !select.groupBy.some((known) => sameExpression(known, by)))
      throw new CannotRead('an order by what differs within a group');
  }
}

/** The key of an entity is grouped by, but what is shown is its name. */
function isHiddenKey(select: Select, key: Expression, plain: readonly Expression[]): boolean {
  if (key.kind !== 'column' || !key.column.isKey) return false;
  const shown = displayColumns(key.column.table);
  const named = [...select.groupBy, ...plain];
  return named.some(
    (other) =>
      other.kind === 'column' && other.instance === key.instance && other !== key && shown.includes(other.column),
  );
}

/** The asked-for columns are of the thing that is grouped by already: it is shown by them. */
function sameEntity(output: Expression, key: Expression): boolean {
  return (
    output.kind === 'column' &&
    key.kind === 'column' &&
    output.instance === key.instance &&
    displayColumns(key.column.table).includes(key.column) &&
    entityColumns(key.column.table).length > 1
  );
}

/** Two singers of one name are two: names are grouped together with their key. */
function entityKey(select: Select, key: Expression): Expression[] {
  if (key.kind !== 'column') return [];
  const { table } = key.column;
  const multiplied = select.joins.some(
    ({ from, to, forward }) => (from === key.instance && !forward) || (to === key.instance && forward),
  );
  if (!multiplied || table.key === null || !displayColumns(table).includes(key.column)) return [];
  return [{ kind: 'column', instance: key.instance, column: table.key }];
}

/** A sum over rows that a join repeats counts them more than once; so does a count, unless of distinct keys. */
function refuseDoubleCounting(select: Select): void {
  for (const [at, output] of select.outputs.entries()) select.outputs[at] = countedOnce(select, output);
  for (const [at, key] of select.orderBy.entries()) select.orderBy[at] = { ...key, by: countedOnce(select, key.by) };
  for (const [at, condition] of select.having.entries()) {
    if (condition.kind === 'compare' || condition.kind === 'between') {
      select.having[at] = { ...condition, left: countedOnce(select, condition.left) };
    }
  }
}

function countedOnce(select: Select, expression: Expression): Expression {
  if (expression.kind === 'count' && expression.distinct === null) {
    const { key } = expression.of.table;
    if (!isRepeated(select, expression.of)) return expression;
    if (key === null) throw new CannotRead('a count that would take rows several times');
    return { ...expression, distinct: { kind: 'column', instance: expression.of, column: key } };
  }
  if (expression.kind !== 'aggregate' || expression.name === 'min' || expression.name === 'max') return expression;
  const of = expression.of.kind === 'product' ? expression.of.factors[0] : expression.of;
  if (of?.kind === 'column' && isRepeated(select, of.instance))
    throw new CannotRead('a sum that would take rows several times');
  return expression;
}

/** Some joined table has many rows for one of these; a bridge from them to the group does not count. */
function isRepeated(select: Select, instance: Instance): boolean {
  if (!instancesOf(select).includes(instance)) return false;
  const bridges = select.joins.filter(({ from, to, forward }) => (forward ? to === instance : from === instance));
  const [bridge] = bridges;
  if (bridge === undefined) return reachedFrom(select, instance).size < instancesOf(select).length;
  const middle = bridge.forward ? bridge.from : bridge.to;
  return bridges.length > 1 || !middle.table.junction || reachedFrom(select, middle).size < instancesOf(select).length;
}
