import { distance, type Step } from '../join-paths.ts';
import { columnsOf, type Mention, tablesOf } from '../link/mention.ts';
import { instancesOf, isAggregate, newSelect } from '../logical-form.ts';
import { isMeasure } from '../parse/parse-attribute.ts';
import type { Modifier, NounNode } from '../parse/question-tree.ts';
import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import { applyModifiers } from './apply-modifiers.ts';
import { applyGroup } from './apply-order.ts';
import { CannotRead } from './cannot-read.ts';
import { counted, countRelated } from './count-related.ts';
import { amongProperty, semiJoin } from './filter-through.ts';
import { finishSelect } from './finish-select.ts';
import { describeColumn, STEP_COST } from './resolve-column.ts';
import { followSteps, pathHints, pathTo, type Scope } from './scope.ts';
import { refuseUnprovenVerb } from './verb-evidence.ts';

/** "without an email", "that have no phone": it is not there. */
const WITHOUT = new Set(['without', 'no', 'have', 'has', 'had']);

type RelatedModifier = Extract<Modifier, { kind: 'related' }>;

/** "of students", "who have a pet", "without any concert", "with at least two courses". */
export function applyRelated(scope: Scope, modifier: RelatedModifier): void {
  const { noun, quantifier, hints } = modifier;
  if (groupedBy(scope, modifier)) return;
  const date = columnsOf(noun.mention).find(
    ({ column }) => column.table === scope.instance.table && isDone(column, modifier),
  );
  if (date !== undefined) {
    whetherDone(scope, date.column, modifier);
    return;
  }
  const { table, cost, property } = relatedTable(scope, noun.mention);
  scope.reading.cost += cost;
  scope.reading.notes.set(noun.mention, property === null ? `rows of ${table.table.name}` : describeColumn(property));
  const own = table === scope.instance.table;
  if (own && property !== null && quantifier.kind === 'none' && noun.modifiers.length === 0) {
    missingProperty(scope, property, hints.words);
  } else if (own) sameTable(scope, modifier);
  else otherTable(scope, table, modifier, property);
}

function whetherDone(scope: Scope, column: ColumnEntry, { noun, quantifier }: RelatedModifier): void {
  const left = { kind: 'column', instance: scope.instance, column } as const;
  const done = quantifier.kind === 'some';
  scope.select.where.push({ kind: 'null', left, negated: done });
  const there = done ? 'there is' : 'there is no';
  scope.reading.assumptions.add(`“${noun.mention.text}” is read as: ${there} ${describeColumn(column)}.`);
  scope.reading.notes.set(noun.mention, `${there} ${describeColumn(column)}`);
}

/** "are shipped", "that were not returned". */
const isDone = ({ column }: ColumnEntry, { noun, hints, quantifier }: RelatedModifier): boolean =>
  column.nullable &&
  (column.kind === 'date' || column.kind === 'timestamp') &&
  quantifier.kind !== 'count' &&
  noun.modifiers.length === 0 &&
  hints.words.at(-1) === noun.mention.text.toLowerCase();

/** "by region", where a number is asked for: one number for each. */
function groupedBy(scope: Scope, { noun, quantifier, hints }: RelatedModifier): boolean {
  const bareBy = hints.words.includes('by') && hints.words.every((word) => word === 'by' || word === 'the');
  if (!bareBy || quantifier.kind !== 'some') return false;
  if (asksForNumbers(scope) || scope.reading.select.orderBy.some(({ by }) => isAggregate(by))) {
    groupBy(scope, noun);
    return true;
  }
  if (noun.modifiers.length === 0) {
    const [thing, property] = [scope.instance.table.table.name, noun.mention.text];
    const choices = [`number of ${thing} per ${property}`, `${thing} sorted by ${property}`];
    throw new CannotRead('“by” may group or sort', choices);
  }
  return false;
}

function missingProperty(scope: Scope, column: ColumnEntry, words: readonly string[]): void {
  if (!column.column.nullable || !words.some((word) => WITHOUT.has(word))) throw new CannotRead(UNREADABLE_NEGATION);
  const left = { kind: 'column', instance: scope.instance, column } as const;
  scope.select.where.push({ kind: 'null', left, negated: false });
}

/** "drivers without a truck": the key that would say which is not there. */
function missingReference(scope: Scope, [step, ...more]: readonly Step[], { modifiers }: NounNode): void {
  const [column] = step?.edge.fromColumns ?? [];
  if (column === undefined || more.length > 0 || modifiers.length > 0 || !column.column.nullable)
    throw new CannotRead(UNREADABLE_NEGATION);
  const left = { kind: 'column', instance: scope.instance, column } as const;
  scope.select.where.push({ kind: 'null', left, negated: false });
}

const UNREADABLE_NEGATION = 'a negation that cannot be read';

function otherTable(scope: Scope, table: TableEntry, modifier: RelatedModifier, property: ColumnEntry | null): void {
  const { noun, quantifier, hints } = modifier;
  const instance = instancesOf(scope.select).find((known) => known.table === table);
  if (quantifier.kind === 'some' && instance !== undefined) {
    applyModifiers({ ...scope, instance, parent: scope }, noun.modifiers);
    return;
  }
  const steps = pathTo(scope, table, pathHints(hints));
  refuseUnprovenVerb(hints.words, { from: scope.instance.table, steps, column: property });
  const single = steps.every(({ forward }) => forward);
  if (quantifier.kind === 'count') countRelated(scope, steps, modifier, quantifier);
  else if (!single) manyRelated(scope, steps, modifier, property);
  else if (quantifier.kind === 'none') missingReference(scope, steps, noun);
  else if (noun.modifiers.some(({ kind }) => kind === 'top')) pickRelated(scope, steps, table, modifier);
  else applyModifiers({ ...scope, instance: followSteps(scope, steps), parent: scope }, noun.modifiers);
}

/** There may be many of them: "has one that …", or "has none". */
function manyRelated(
  scope: Scope,
  steps: readonly Step[],
  { noun, quantifier, hints }: RelatedModifier,
  property: ColumnEntry | null,
): void {
  if (noun.modifiers.some(({ kind }) => kind === 'top'))
    throw new CannotRead('a “most” or “least” within another condition');
  const listed = noun.modifiers.some(
    (modifier) => modifier.kind === 'date' && modifier.hints.words.includes('each of'),
  );
  if (listed) throw new CannotRead('“and” between years may mean either or both');
  if (property !== null && quantifier.kind === 'some' && noun.modifiers.length === 0)
    throw new CannotRead(`“${noun.mention.text}” is a property of another thing`);
  const last = steps.at(-1);
  const needed = noun.modifiers.length === 0 && last?.forward === true ? steps.slice(0, -1) : steps;
  for (const modifiers of separately(noun.modifiers)) {
    const joint = modifiers !== noun.modifiers;
    const apart = joint || hints.words.includes('and');
    semiJoin(scope, needed, { negated: quantifier.kind === 'none', apart, joint }, (inner) =>
      applyModifiers(inner, modifiers),
    );
  }
}

/** "per customer in 2025": the customer groups; the year is of what is counted. */
export function groupBy(scope: Scope, noun: NounNode): void {
  if (isOwnAverage(scope, noun)) return;
  const before = scope.reading.select.groupBy.length;
  const instance = applyGroup(scope, noun.mention);
  const single =
    instance === scope.instance &&
    scope.reading.select.groupBy.slice(before).some((key) => key.kind === 'column' && key.column.isKey);
  if (single) throw new CannotRead('a group for every single row');
  const own = noun.modifiers.filter(({ kind }) => kind !== 'date' && kind !== 'order' && kind !== 'group-date');
  applyModifiers({ ...scope, instance, parent: scope }, own);
  applyModifiers(
    scope,
    noun.modifiers.filter((modifier) => !own.includes(modifier)),
  );
}

/** "the average quantity per order line", of order lines: that is what an average is. */
function isOwnAverage({ select }: Scope, { mention, modifiers }: NounNode): boolean {
  const named = tablesOf(mention).filter(({ quality }) => quality >= 0.9);
  return (
    modifiers.length === 0 &&
    select.outputs.every(
      (output) =>
        output.kind === 'aggregate' &&
        output.name === 'avg' &&
        output.of.kind === 'column' &&
        named.some(({ table }) => output.of.kind === 'column' && output.of.instance.table === table),
    )
  );
}

/** "had concerts in both 2014 and 2015": one concert cannot, so each year is asked of concerts of its own. */
function separately(modifiers: readonly Modifier[]): readonly (readonly Modifier[])[] {
  const at = modifiers.findIndex(
    (modifier) =>
      (modifier.kind === 'value' && modifier.join === 'all' && modifier.values.length > 1) ||
      (modifier.kind === 'date' && modifier.ranges.length > 1 && modifier.hints.words.includes('both')),
  );
  const both = modifiers[at];
  if (both?.kind === 'date') return both.ranges.map((range) => modifiers.with(at, { ...both, ranges: [range] }));
  if (both?.kind === 'value') return both.values.map((value) => modifiers.with(at, { ...both, values: [value] }));
  return [modifiers];
}

export const asksForNumbers = ({ select }: Scope): boolean =>
  select.outputs.some(({ kind }) => kind === 'count' || kind === 'aggregate' || kind === 'ratio');

/** The table that a noun around another noun means: a table of that name, or the table of a column of that name. */
export function relatedTable(
  scope: Scope,
  mention: Mention,
): { readonly table: TableEntry; readonly property: ColumnEntry | null; readonly cost: number } {
  const { index } = scope.reading;
  const tables = tablesOf(mention).map(({ table, quality }) => ({ table, property: null, cost: 1 - quality }));
  const columns = columnsOf(mention)
    .filter(({ column }) => !isMeasure(column) && !column.isForeignKey)
    .map(({ column, quality }) => ({ table: column.table, property: column, cost: 1.15 - quality }));
  const choices = [...tables, ...columns]
    .map((choice) => ({
      ...choice,
      cost: choice.cost + STEP_COST * 0.5 * distance(index, scope.instance.table, choice.table),
    }))
    .filter(({ cost }) => Number.isFinite(cost))
    .sort((a, b) => a.cost - b.cost);
  const [best] = choices;
  if (best === undefined || best.cost > 0.8)
    throw new CannotRead(`“${mention.text}” has nothing to do with ${scope.instance.table.table.name}`);
  const rival = choices.find(({ table }) => table !== best.table);
  if (rival !== undefined && rival.cost - best.cost < 0.03) {
    throw new CannotRead(`“${mention.text}” may mean several things`, [best.table.table.name, rival.table.table.name]);
  }
  return best;
}

/** The noun is the one the scope is about: "the names of singers who …". */
function sameTable(scope: Scope, { noun, quantifier }: RelatedModifier): void {
  switch (quantifier.kind) {
    case 'some':
      if (scope.reading.named.has(scope.instance))
        throw new CannotRead(`“${noun.mention.text}” says nothing that is not said already`);
      scope.reading.named.add(scope.instance);
      applyModifiers(scope, noun.modifiers);
      return;
    case 'none': {
      if (scope.reading.ownerless) {
        amongProperty(scope, (inner) => applyModifiers(inner, noun.modifiers), true);
        return;
      }
      const key = scope.instance.table.key;
      if (key === null || noun.modifiers.length === 0) throw new CannotRead('a negation that cannot be read');
      const select = newSelect(scope.instance.table);
      select.outputs.push({ kind: 'column', instance: select.root, column: key });
      applyModifiers({ ...scope, select, instance: select.root, parent: null }, noun.modifiers);
      scope.select.where.push({
        kind: 'in-select',
        left: { kind: 'column', instance: scope.instance, column: key },
        select,
        negated: true,
      });
      return;
    }
    case 'count': {
      applyModifiers(scope, noun.modifiers);
      scope.select.having.push(counted({ kind: 'count', of: scope.instance, distinct: null }, quantifier));
      return;
    }
    default:
      quantifier satisfies never;
      return;
  }
}

/** "in the stadium with the highest capacity": the one row, picked inside. */
function pickRelated(scope: Scope, steps: readonly Step[], table: TableEntry, { noun }: RelatedModifier): void {
  const last = steps.at(-1);
  const key = last?.edge.toColumns[0];
  const own = last?.edge.fromColumns[0];
  if (last === undefined || key === undefined || own === undefined) throw new CannotRead('no key to pick by');
  const from = followSteps(scope, steps.slice(0, -1));
  const select = newSelect(table);
  select.outputs.push({ kind: 'column', instance: select.root, column: key });
  applyModifiers({ ...scope, select, instance: select.root, parent: null }, noun.modifiers);
  finishSelect(select);
  scope.select.where.push({
    kind: 'compare-select',
    left: { kind: 'column', instance: from, column: own },
    operator: '=',
    right: select,
  });
  if (select.limit !== 1) throw new CannotRead('more than one to pick');
}
