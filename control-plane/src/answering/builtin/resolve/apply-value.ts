import { findPath } from '../join-paths.ts';
import type { Condition, Literal } from '../logical-form.ts';
import { valuesOf } from '../link/mention.ts';
import type { Modifier } from '../parse/question-tree.ts';
import { CannotRead } from './cannot-read.ts';
import { columnFilter, filterThrough } from './filter-through.ts';
import { chooseValues } from './resolve-value.ts';
import { pathHints, type Scope } from './scope.ts';

type ValueModifier = Extract<Modifier, { kind: 'value' }>;

/** "from France", "not in Europe", "both cats and dogs". */
export function applyValue(scope: Scope, modifier: ValueModifier): void {
  const hints = pathHints(modifier.hints);
  if (modifier.join === 'all' && modifier.values.length > 1) return applyAll(scope, modifier);
  const { column, values, cost } = chooseValues(scope, modifier.values, modifier.attribute, hints);
  scope.reading.cost += cost;
  const condition = columnFilter(column, values.map(textual), modifier.negated);
  filterThrough(scope, column.table, hints, modifier.negated, condition);
}

const textual = (text: string): Literal => ({ kind: 'text', text });

/** Each value has to be found, on rows of its own where there are many; on one row that could never be, so there it means any. */
function applyAll(scope: Scope, modifier: ValueModifier): void {
  const hints = pathHints(modifier.hints);
  const { column, cost } = chooseValues(scope, modifier.values, modifier.attribute, hints);
  const path = findPath(scope.reading.index, scope.instance.table, column.table, hints);
  if (path.kind !== 'path') throw new CannotRead('no way to the values');
  if (path.steps.every(({ forward }) => forward)) return applyValue(scope, { ...modifier, join: 'any' });
  scope.reading.cost += cost;
  for (const mention of modifier.values) {
    const values = valuesOf(mention).filter((candidate) => candidate.column === column);
    const best = values.filter(({ quality }) => quality === values[0]?.quality);
    const condition = columnFilter(column, best.map(({ value }) => textual(value)), modifier.negated);
    filterThrough(scope, column.table, hints, modifier.negated, condition);
  }
}

export type { Condition };
