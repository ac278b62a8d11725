import { findPath, type PathHints } from '../join-paths.ts';
import { columnsOf, valuesOf } from '../link/mention.ts';
import type { Literal } from '../logical-form.ts';
import type { Modifier } from '../parse/question-tree.ts';
import type { ColumnEntry, Edge } from '../schema-index/entries.ts';
import { root, stem } from '../text/stem.ts';
import { asksForNumbers } from './apply-related.ts';
import { CannotRead } from './cannot-read.ts';
import { amongProperty, columnFilter, filterThrough } from './filter-through.ts';
import { describeColumn } from './resolve-column.ts';
import { chooseValues } from './resolve-value.ts';
import { followSteps, pathHints, type Scope } from './scope.ts';
import { refuseUnprovenVerb } from './verb-evidence.ts';

type ValueModifier = Extract<Modifier, { kind: 'value' }>;

/** "from France", "not in Europe", "both cats and dogs". */
export function applyValue(scope: Scope, modifier: ValueModifier): void {
  const hints = valueHints(modifier);
  if (modifier.join === 'all' && modifier.values.length > 1) {
    applyAll(scope, modifier);
    return;
  }
  const { column, values, cost } = chooseValues(scope, modifier.values, modifier.attribute, hints);
  scope.reading.cost += cost;
  noteValues(scope, modifier, column);
  if (column.table === scope.instance.table)
    refuseUnprovenVerb(modifier.hints.words, { from: column.table, steps: [], column });
  const condition = columnFilter(column, values.map(textual));
  const own = selfReference(scope, modifier);
  if (own !== null && column.table === scope.instance.table && column !== own.fromColumns[0]) {
    const other = followSteps(scope, [{ edge: own, forward: true }]);
    scope.select.where.push(condition(other, modifier.negated));
    scope.reading.other = other;
    return;
  }
  // "whose manager is Ada Koch": the last name goes with the first.
  if (scope.reading.other?.table === column.table && modifier.hints.words.length === 0) {
    scope.select.where.push(condition(scope.reading.other, modifier.negated));
    return;
  }
  filterThrough(scope, column.table, hints, modifier.negated, condition);
}

/** "whose manager is X", "who report to X": another row of the same table. */
function selfReference({ reading, instance }: Scope, { attribute, hints }: ValueModifier): Edge | null {
  const loops = (reading.index.edges.get(instance.table) ?? []).filter(({ from, to }) => from === to);
  const words = [...hints.words, ...(attribute?.text.toLowerCase().split(/\s+/) ?? [])].map(stem);
  const [only] = loops;
  if (only !== undefined && loops.length === 1 && words.includes(stem('report')) && words.includes('to')) return only;
  return loops.find(({ fromColumns: [key] }) => words.some((word) => key !== undefined && says(key, word))) ?? null;
}

const says = ({ words, tableWords }: ColumnEntry, word: string): boolean =>
  word.length > 3 && words.some((own) => !tableWords.has(own) && root(own) === root(word));

/** "origin warehouse X": the key named beside the value is the one to follow. */
function valueHints({ attribute, hints }: ValueModifier): PathHints {
  const spoken = pathHints(hints);
  if (attribute === null) return spoken;
  const keys = columnsOf(attribute).some(({ column }) => column.references !== null);
  return keys ? { ...spoken, words: [...spoken.words, ...attribute.text.toLowerCase().split(/\s+/)] } : spoken;
}

function noteValues({ reading }: Scope, { values, attribute }: ValueModifier, column: ColumnEntry): void {
  for (const mention of values) {
    const spelled = valuesOf(mention).filter((candidate) => candidate.column === column);
    const best = spelled.filter(({ quality }) => quality === spelled[0]?.quality).map(({ value }) => `'${value}'`);
    if (spelled.some(({ value, quality }) => quality === spelled[0]?.quality && value.trim() !== value))
      reading.assumptions.add(`“${mention.text}” has spaces around it in ${describeColumn(column)}.`);
    reading.notes.set(mention, `${describeColumn(column)} is ${[...new Set(best)].join(' or ')}`);
  }
  if (attribute !== null) reading.notes.set(attribute, describeColumn(column));
}

const textual = (text: string): Literal => ({ kind: 'text', text });

/**
 * "both cats and dogs": each value has to be found, on rows of its own. Where a row has one value
 * only, what is asked for decides: "products by Sony and Creative" are those of either, "countries
 * with both" are found among the rows of each.
 */
function applyAll(scope: Scope, modifier: ValueModifier): void {
  const hints = pathHints(modifier.hints);
  const { column, cost } = chooseValues(scope, modifier.values, modifier.attribute, hints);
  const path = findPath(scope.reading.index, scope.instance.table, column.table, hints);
  if (path.kind !== 'path') throw new CannotRead('no way to the values');
  const single = path.steps.every(({ forward }) => forward);
  if (single && !scope.reading.ownerless) {
    if (modifier.hints.words.includes('both')) throw new CannotRead('“both” of what there is one of');
    if (asksForNumbers(scope)) throw new CannotRead('“and” may mean a number for each or one for all together');
    applyValue(scope, { ...modifier, join: 'any' });
    return;
  }
  scope.reading.cost += cost;
  noteValues(scope, modifier, column);
  for (const mention of modifier.values) {
    const values = valuesOf(mention).filter((candidate) => candidate.column === column);
    const spelled = values.filter(({ quality }) => quality === values[0]?.quality).map(({ value }) => textual(value));
    const condition = columnFilter(column, spelled);
    const apart = { ...hints, words: [...hints.words, 'and', 'all of'] };
    if (!single) filterThrough(scope, column.table, apart, modifier.negated, condition);
    else amongProperty(scope, (inner) => filterThrough(inner, column.table, apart, modifier.negated, condition), false);
  }
}
