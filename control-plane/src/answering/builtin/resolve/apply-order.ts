import { distance } from '../join-paths.ts';
import { columnsOf, type Mention, tablesOf } from '../link/mention.ts';
import { type DateUnit, type Expression, type Instance, instancesOf, isAggregate, type OrderKey } from '../logical-form.ts';
import { isMeasure } from '../parse/parse-attribute.ts';
import type { NounNode, OrderNode, TopNode } from '../parse/question-tree.ts';
import type { TableEntry } from '../schema-index/entries.ts';
import { dateColumn } from './apply-date.ts';
import { applyModifiers } from './apply-modifiers.ts';
import { CannotRead } from './cannot-read.ts';
import { displayColumns } from './display-columns.ts';
import { measureOf } from './measures.ts';
import { chooseColumn, describeColumn, resolveColumn, STEP_COST } from './resolve-column.ts';
import { joinTo, type Scope } from './scope.ts';

const opposite = { asc: 'desc', desc: 'asc' } as const;

/** "the youngest", "with the most concerts", "the 3 largest": order and limit of the SELECT this noun is in. */
export function applyTop(scope: Scope, top: TopNode): void {
  if (scope.select.limit !== null) throw new CannotRead('two superlatives');
  const key = topKey(scope, top);
  if (!isAggregate(key.by) && key.by.kind === 'column') refuseMultiplied(scope, key.by.instance);
  scope.select.orderBy.push(key);
  scope.select.limit = top.limit;
}

function topKey(scope: Scope, top: TopNode): OrderKey {
  const { direction } = top;
  if (top.count === 'rows') return { by: { kind: 'count', of: scope.instance, distinct: null }, direction };
  if (top.count !== null) return { by: countOf(scope, top.count), direction };
  if (top.attribute !== null) return { by: measured(scope, top.attribute, top.aggregate), direction };
  if (top.concept === null) throw new CannotRead('a superlative without a measure');
  const { column, reversed } = measureOf(scope.instance.table, top.concept);
  scope.reading.assumptions.add(`“${top.concept}” is read of ${describeColumn(column)}.`);
  return {
    by: { kind: 'column', instance: scope.instance, column },
    direction: reversed ? opposite[direction] : direction,
  };
}

function measured(scope: Scope, attribute: Mention, aggregate: TopNode['aggregate']): Expression {
  const of = resolveColumn(scope, attribute, isMeasure);
  if (aggregate === null) return of;
  if (aggregate === 'count') throw new CannotRead('a count of a measure');
  return { kind: 'aggregate', name: aggregate, of };
}

/** Order and groups belong to the question as a whole, wherever in it they are said. */
function outermost(scope: Scope): Scope {
  let at: Scope | null = scope;
  while (at !== null && at.select !== scope.reading.select) at = at.parent;
  if (at === null) throw new CannotRead('an order or group inside a comparison');
  return at;
}

/** "the stores in the largest district" are many: the largest has to be picked before they are joined. */
function refuseMultiplied({ select }: Scope, instance: Instance): void {
  const reached = new Set<Instance>([instance]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { from, to, forward } of select.joins) {
      const next = forward ? (reached.has(from) ? to : null) : reached.has(to) ? from : null;
      if (next !== null && !reached.has(next)) {
        reached.add(next);
        grown = true;
      }
    }
  }
  const shown = select.outputs.every((output) => output.kind !== 'column' || reached.has(output.instance));
  if (!shown) throw new CannotRead('a superlative of what belongs to several');
}

/** How many rows of the noun there are for each row of the scope. */
export function countOf(scope: Scope, noun: NounNode): Expression {
  const table = countedTable(scope, noun);
  if (table === scope.instance.table && scope.reading.named.has(scope.instance)) {
    throw new CannotRead(`“${noun.mention.text}” cannot be counted`);
  }
  const instance = table === scope.instance.table ? scope.instance : joinTo(scope, table);
  applyModifiers({ ...scope, instance, parent: scope }, noun.modifiers);
  return { kind: 'count', of: instance, distinct: null };
}

/** The table whose rows are counted: one of that name, or one with a column of that name. */
export function countedTable(scope: Scope, { mention }: NounNode): TableEntry {
  const { index } = scope.reading;
  const choices = [
    ...tablesOf(mention).map(({ table, quality }) => ({ table, cost: 1 - quality })),
    ...columnsOf(mention)
      .filter(({ column }) => !isMeasure(column))
      .map(({ column, quality }) => ({ table: column.table, cost: 1.1 - quality })),
  ]
    .map(({ table, cost }) => ({ table, cost: cost + STEP_COST * 0.5 * distance(index, scope.instance.table, table) }))
    .filter(({ cost }) => Number.isFinite(cost))
    .sort((a, b) => a.cost - b.cost);
  const [best] = choices;
  if (best === undefined || best.cost > 0.7) throw new CannotRead(`“${mention.text}” cannot be counted`);
  const rival = choices.find(({ table }) => table !== best.table);
  if (rival !== undefined && rival.cost - best.cost < 0.03)
    throw new CannotRead(`“${mention.text}” may mean several things`, [best.table.table.name, rival.table.table.name]);
  scope.reading.cost += best.cost;
  return best.table;
}

/** "for each X": X is a column, or a table whose rows are told apart by key and shown by name. */
export function applyGroup(inner: Scope, mention: Mention): Instance {
  const scope = outermost(inner);
  const keys = groupExpressions(scope, mention);
  for (const key of keys) addGroup(scope, key);
  const [first] = keys;
  return first?.kind === 'column' ? first.instance : scope.instance;
}

function addGroup({ select }: Scope, expression: Expression): void {
  if (!select.groupBy.some((known) => sameExpression(known, expression))) select.groupBy.push(expression);
}

function groupExpressions(scope: Scope, mention: Mention): Expression[] {
  const { index } = scope.reading;
  const tables = tablesOf(mention)
    .map(({ table, quality }) => ({
      table,
      cost: 1 - quality + STEP_COST * 0.5 * distance(index, scope.instance.table, table),
    }))
    .filter(({ cost }) => Number.isFinite(cost))
    .sort((a, b) => a.cost - b.cost);
  const [table] = tables;
  const column = tryColumn(scope, mention);
  if (column !== null && !column.column.isKey && (table === undefined || column.cost <= table.cost)) {
    return [resolveColumn(scope, mention)];
  }
  if (table === undefined || table.cost > 0.7) {
    if (column === null) throw new CannotRead(`“${mention.text}” cannot be grouped by`);
    return [resolveColumn(scope, mention)];
  }
  scope.reading.cost += table.cost;
  const instance = joinTo(scope, table.table);
  return entityColumns(table.table).map((entry) => ({ kind: 'column', instance, column: entry }));
}

/** Key first, then what people call it. */
export function entityColumns(table: TableEntry): TableEntry['columns'] {
  const shown = displayColumns(table);
  return table.key === null || shown.includes(table.key) ? shown : [table.key, ...shown];
}

function tryColumn(scope: Scope, mention: Mention): ReturnType<typeof chooseColumn> | null {
  try {
    return chooseColumn(scope.reading, scope.instance.table, mention);
  } catch (error) {
    if (error instanceof CannotRead) return null;
    throw error;
  }
}

/** "per month": of the date that says when the counted thing happened. */
export function applyGroupDate(inner: Scope, unit: DateUnit): void {
  const scope = outermost(inner);
  const { column, form } = dateColumn(scope, { hints: { words: [], mentions: [] }, ranges: [] });
  if (form !== 'date') throw new CannotRead('no date to group by');
  scope.reading.assumptions.add(`Each ${unit} is one of ${describeColumn(column)}.`);
  const of: Expression = { kind: 'column', instance: joinTo(scope, column.table), column };
  const key: Expression = { kind: 'date-unit', unit, of };
  addGroup(scope, key);
  scope.select.orderBy.push({ by: key, direction: 'asc' });
}

/** "in descending order of age", "sorted by name". Without a key: by the first thing asked for. */
export function applyOrder(inner: Scope, keys: readonly OrderNode[]): void {
  const scope = outermost(inner);
  for (const key of keys) scope.select.orderBy.push({ by: orderExpression(scope, key), direction: key.direction });
}

function orderExpression(scope: Scope, { attribute, aggregate, concept, count }: OrderNode): Expression {
  if (count === 'rows') return { kind: 'count', of: scope.instance, distinct: null };
  if (count !== null) return countOf(scope, count);
  if (attribute !== null) {
    const known = aggregate === null ? outputNamed(scope, attribute) : null;
    if (known !== null) return known;
    if (columnsOf(attribute).length === 0) return firstOutput(scope);
    const of = resolveColumn(scope, attribute);
    if (aggregate === null || aggregate === 'count') return of;
    return { kind: 'aggregate', name: aggregate, of };
  }
  if (concept !== null)
    return { kind: 'column', instance: scope.instance, column: measureOf(scope.instance.table, concept).column };
  return firstOutput(scope);
}

function firstOutput({ select }: Scope): Expression {
  const [first] = select.outputs;
  if (first === undefined) throw new CannotRead('nothing to sort by');
  return first;
}

/** An aggregate that is asked for, when the question sorts by the same column. */
function outputNamed({ select }: Scope, attribute: Mention): Expression | null {
  const columns = columnsOf(attribute).map(({ column }) => column);
  return (
    select.outputs.find(
      (output) => output.kind === 'aggregate' && output.of.kind === 'column' && columns.includes(output.of.column),
    ) ?? null
  );
}

export function sameExpression(a: Expression, b: Expression): boolean {
  if (a.kind === 'column' && b.kind === 'column') return a.column === b.column && a.instance === b.instance;
  if (a.kind === 'date-unit' && b.kind === 'date-unit') return a.unit === b.unit && sameExpression(a.of, b.of);
  return a === b;
}

export { instancesOf };
