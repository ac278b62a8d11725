import { distance } from '../join-paths.ts';
import { columnsOf, type Mention, tablesOf } from '../link/mention.ts';
import { type DateUnit, type Expression, type Instance, isAggregate, type OrderKey } from '../logical-form.ts';
import { isMeasure } from '../parse/parse-attribute.ts';
import type { NounNode, OrderNode, TopNode } from '../parse/question-tree.ts';
import type { TableEntry } from '../schema-index/entries.ts';
import { dateColumn } from './apply-date.ts';
import { applyModifiers } from './apply-modifiers.ts';
import { CannotRead } from './cannot-read.ts';
import { displayColumns } from './display-columns.ts';
import { measureOf } from './measures.ts';
import { reachedFrom } from './reached-from.ts';
import { chooseColumn, describeColumn, resolveColumn, STEP_COST } from './resolve-column.ts';
import { derivedOf, measuredInstance, resolveMeasure } from './resolve-measure.ts';
import { joinTo, type Scope } from './scope.ts';

const opposite = { asc: 'desc', desc: 'asc' } as const;

/** "the youngest", "with the most concerts", "the 3 largest": order and limit of the SELECT this noun is in. */
export function applyTop(scope: Scope, top: TopNode): void {
  const { reading, select } = scope;
  const pending = reading.pending?.select === select ? reading.pending : null;
  if (select.limit !== null && pending === null) throw new CannotRead('more than one “most” or “least”');
  if (top.attribute === null && top.concept === null && top.count === null) {
    if (pending !== null) throw new CannotRead('more than one “most” or “least”');
    reading.pending = { select, direction: top.direction };
    select.limit = top.limit;
    return;
  }
  const key = topKey(scope, top);
  refuseMultiplied(scope, key.by.kind === 'column' ? key.by.instance : scope.instance);
  select.orderBy.push(key);
  if (pending === null) select.limit = top.limit;
  else reading.pending = null;
}

function topKey(scope: Scope, top: TopNode): OrderKey {
  const { direction } = top;
  if (top.count === 'rows') return { by: { kind: 'count', of: scope.instance, distinct: null }, direction };
  if (top.count !== null) {
    const by = countOf(scope, top.count);
    const others = by.kind === 'count' && by.of !== scope.instance;
    if (direction === 'asc' && others)
      scope.reading.assumptions.add(`Those with no ${top.count.mention.text} at all are left out.`);
    return { by, direction };
  }
  if (top.attribute !== null) return { by: measured(scope, top.attribute, top.aggregate), direction };
  if (top.concept === null) throw new CannotRead('a “most” or “least” without saying of what');
  const { column, reversed } = measureOf(scope.instance.table, top.concept);
  scope.reading.assumptions.add(`“${top.concept}” is read of ${describeColumn(column)}.`);
  return {
    by: { kind: 'column', instance: scope.instance, column },
    direction: reversed ? opposite[direction] : direction,
  };
}

function measured(scope: Scope, attribute: Mention, aggregate: TopNode['aggregate']): Expression {
  const derived = derivedOf(scope, attribute);
  if (derived !== null) return resolveMeasure(scope, derived, aggregate ?? 'sum');
  const of = resolveColumn(scope, attribute, isMeasure);
  if (aggregate === null) return of;
  if (aggregate === 'count') throw new CannotRead('a number of what is a figure itself');
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
  const reached = reachedFrom(select, instance);
  const shown = select.outputs.every((output) => output.kind !== 'column' || reached.has(output.instance));
  if (!shown) throw new CannotRead('a “most” or “least” of what belongs to several rows');
}

/** How many rows of the noun there are for each row of the scope. */
function countOf(scope: Scope, noun: NounNode): Expression {
  const table = countedTable(scope, noun);
  if (table === scope.instance.table && scope.reading.named.has(scope.instance)) {
    throw new CannotRead(`“${noun.mention.text}” cannot be counted`);
  }
  const instance = table === scope.instance.table ? scope.instance : joinTo(scope, table);
  applyModifiers({ ...scope, instance, parent: scope }, noun.modifiers);
  return { kind: 'count', of: instance, distinct: null };
}

/** The table whose rows are counted: one of that name, or one with a column of that name. */
function countedTable(scope: Scope, { mention }: NounNode): TableEntry {
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
  scope.reading.notes.set(mention, `rows of ${best.table.table.name}`);
  return best.table;
}

/** "for each X": X is a column, or a table whose rows are told apart by key and shown by name. */
export function applyGroup(inner: Scope, mention: Mention): Instance {
  const scope = outermost(inner);
  const keys = groupExpressions(scope, mention);
  if (keys.length === 0) throw new CannotRead(`“${mention.text}” has no name to group by`);
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
  if (table === undefined || table.cost > 0.7 || entityColumns(table.table).length === 0) {
    if (column === null) throw new CannotRead(`“${mention.text}” cannot be grouped by`);
    return [resolveColumn(scope, mention)];
  }
  scope.reading.cost += table.cost;
  scope.reading.notes.set(mention, `rows of ${table.table.table.name}`);
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

const NOTHING: Mention = { from: 0, to: 0, text: '', candidates: [] };

/** "per month": of the date that says when the counted thing happened. */
export function applyGroupDate(inner: Scope, unit: DateUnit, mention: Mention | null): void {
  const scope = outermost(inner);
  const own = columnsOf(mention ?? NOTHING).find(
    ({ column, quality }) => column.table === inner.instance.table && quality > 0.95,
  );
  if (mention !== null && own !== undefined) {
    addGroup(scope, { kind: 'column', instance: inner.instance, column: own.column });
    return;
  }
  const { column, form } = dateColumn(dated(scope, inner), { hints: { words: [], mentions: [] }, ranges: [] });
  if (form !== 'date') throw new CannotRead('no date to group by');
  scope.reading.assumptions.add(`Each ${unit} is one of ${describeColumn(column)}.`);
  const of: Expression = { kind: 'column', instance: joinTo(scope, column.table), column };
  const key: Expression = { kind: 'date-unit', unit, of };
  addGroup(scope, key);
  scope.select.orderBy.push({ by: key, direction: 'asc' });
}

/** The thing whose dates count: what is summed or counted, where that is not the table the question began with. */
function dated(scope: Scope, inner: Scope): Scope {
  const measured = scope.select.outputs.map(measuredInstance).find((instance) => instance !== null);
  return measured === undefined || measured === null ? inner : { ...inner, instance: measured };
}

/** "in descending order of age", "sorted by name". Without a key: by the first thing asked for. */
export function applyOrder(inner: Scope, keys: readonly OrderNode[]): void {
  const scope = outermost(inner);
  const { reading, select } = scope;
  const ranked = reading.pending?.select === select ? reading.pending : null;
  for (const key of keys) rank(scope, key, ranked?.direction ?? null);
  if (ranked !== null) reading.pending = null;
}

/** "oldest first" by date of birth: the earliest first. */
function turned({ table }: Instance, key: OrderNode): OrderNode {
  if (key.concept === null || key.attribute !== null || !measureOf(table, key.concept).reversed) return key;
  return { ...key, direction: opposite[key.direction] };
}

/** A figure that ranks is shown as well: who asks for the top 5 by revenue wants to see it. */
function rank({ reading, ...scope }: Scope, asked: OrderNode, direction: 'asc' | 'desc' | null): void {
  const key = turned(scope.instance, asked);
  const by = summed({ ...scope, reading }, orderExpression({ ...scope, reading }, key), direction !== null);
  if (!scope.select.orderBy.some((known) => sameExpression(known.by, by))) {
    scope.select.orderBy.push({ by, direction: direction ?? key.direction });
  }
  const shown = scope.select.outputs.some((output) => sameExpression(output, by) || isAggregate(output));
  if (direction !== null && isAggregate(by) && !shown) scope.select.outputs.push(by);
}

/** "products by quantity": of a product's many order lines, their sum. */
function summed({ select }: Scope, by: Expression, ranking: boolean): Expression {
  if (by.kind !== 'column') return by;
  const many = select.outputs.some(
    (output) => output.kind === 'column' && !reachedFrom(select, output.instance).has(by.instance),
  );
  if (!many) return by;
  if (!ranking || !isMeasure(by.column)) throw new CannotRead('an order by one of many values');
  return { kind: 'aggregate', name: 'sum', of: by };
}

function orderExpression(scope: Scope, { attribute, aggregate, concept, count }: OrderNode): Expression {
  if (count === 'rows') return { kind: 'count', of: scope.instance, distinct: null };
  if (count === 'figure') return onlyFigure(scope);
  if (count !== null) return countOf(scope, count);
  if (attribute !== null) {
    const known = aggregate === null ? outputNamed(scope, attribute) : null;
    if (known !== null) return known;
    const derived = derivedOf(scope, attribute);
    if (derived !== null) return resolveMeasure(scope, derived, aggregate ?? 'sum');
    if (columnsOf(attribute).length === 0) return firstOutput(scope);
    const of = resolveColumn(scope, attribute);
    if (aggregate === null || aggregate === 'count') return of;
    return { kind: 'aggregate', name: aggregate, of };
  }
  if (concept !== null)
    return { kind: 'column', instance: scope.instance, column: measureOf(scope.instance.table, concept).column };
  return firstOutput(scope);
}

function onlyFigure({ select }: Scope): Expression {
  const [figure, ...more] = select.outputs.filter(isAggregate);
  if (figure === undefined || more.length > 0) throw new CannotRead('“most first” of what is not said');
  return figure;
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
  if (a.kind === 'aggregate' && b.kind === 'aggregate') return a.name === b.name && sameExpression(a.of, b.of);
  return a === b;
}
