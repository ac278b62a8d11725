import { findPath } from '../join-paths.ts';
import { valuesOf } from '../link/mention.ts';
import type { Literal } from '../logical-form.ts';
import type { Modifier } from '../parse/question-tree.ts';
import { CannotRead } from './cannot-read.ts';
import { amongProperty, columnFilter, filterThrough } from './filter-through.ts';
import { chooseValues } from './resolve-value.ts';
import { pathHints, type Scope } from './scope.ts';

type ValueModifier = Extract<Modifier, { kind: 'value' }>;

/** "from France", "not in Europe", "both cats and dogs". */
export function applyValue(scope: Scope, modifier: ValueModifier): void {
  const hints = pathHints(modifier.hints);
  if (modifier.join === 'all' && modifier.values.length > 1) {
    applyAll(scope, modifier);
    return;
  }
  const { column, values, cost } = chooseValues(scope, modifier.values, modifier.attribute, hints);
  scope.reading.cost += cost;
  const condition = columnFilter(column, values.map(textual));
  filterThrough(scope, column.table, hints, modifier.negated, condition);
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
    applyValue(scope, { ...modifier, join: 'any' });
    return;
  }
  scope.reading.cost += cost;
  for (const mention of modifier.values) {
    const values = valuesOf(mention).filter((candidate) => candidate.column === column);
    const spelled = values.filter(({ quality }) => quality === values[0]?.quality).map(({ value }) => textual(value));
    const condition = columnFilter(column, spelled);
    const apart = { ...hints, words: [...hints.words, 'and', 'all of'] };
    if (!single) filterThrough(scope, column.table, apart, modifier.negated, condition);
    else amongProperty(scope, (inner) => filterThrough(inner, column.table, apart, modifier.negated, condition), false);
  }
}
