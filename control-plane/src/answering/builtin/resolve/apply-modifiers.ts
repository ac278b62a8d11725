import type { Condition } from '../logical-form.ts';
import { type Modifier, NO_HINTS } from '../parse/question-tree.ts';
import { applyCompare } from './apply-compare.ts';
import { applyDate } from './apply-date.ts';
import { applyGroupDate, applyOrder, applyTop } from './apply-order.ts';
import { applyRelated, asksForNumbers, groupBy } from './apply-related.ts';
import { applyValue } from './apply-value.ts';
import { CannotRead } from './cannot-read.ts';
import type { Scope } from './scope.ts';

/** What is said of a noun, put into its SELECT. What cannot be said of it is tried on the noun around it. */
export function applyModifiers(scope: Scope, modifiers: readonly Modifier[]): void {
  for (const modifier of modifiers) applyOutward(scope, modifier);
}

const OUTWARD_COST = 0.1;

function applyOutward(scope: Scope, modifier: Modifier): void {
  try {
    apply(scope, modifier);
  } catch (error) {
    if (!(error instanceof CannotRead) || scope.parent === null || error.choices.length > 0) throw error;
    scope.reading.cost += OUTWARD_COST;
    applyOutward(scope.parent, modifier);
  }
}

function apply(scope: Scope, modifier: Modifier): void {
  switch (modifier.kind) {
    case 'compare':
      applyCompare(scope, modifier);
      return;
    case 'value':
      applyValue(scope, modifier);
      return;
    case 'related':
      applyRelated(scope, modifier);
      return;
    case 'top':
      applyTop(scope, modifier.top);
      return;
    case 'group':
      applyGroupNoun(scope, modifier);
      return;
    case 'group-date':
      applyGroupDate(scope, modifier.unit, modifier.mention);
      return;
    case 'order':
      applyOrder(scope, modifier.keys);
      return;
    case 'date':
      applyDate(scope, modifier);
      return;
    case 'either':
      applyEither(scope, modifier.options);
      return;
    default:
      modifier satisfies never;
      return;
  }
}

/** "of every course" groups when a number is asked for each; otherwise it only says which. */
function applyGroupNoun(scope: Scope, { noun }: Extract<Modifier, { kind: 'group' }>): void {
  if (!asksForNumbers(scope)) {
    applyRelated(scope, { kind: 'related', noun, quantifier: { kind: 'some' }, hints: NO_HINTS });
    return;
  }
  groupBy(scope, noun);
}

/** "older than 20 or from France": each option's conditions, any of them. Only for what adds nothing but conditions. */
function applyEither(scope: Scope, options: readonly Modifier[]): void {
  const branches: Condition[][] = [];
  for (const option of options) {
    const before = scope.select.where.length;
    const shape = shapeOf(scope);
    applyOutward(scope, inherit(option, options[0]));
    if (shapeOf(scope) !== shape) throw new CannotRead('“or” joins what cannot be joined');
    const branch = scope.select.where.splice(before);
    // What one side says of rows spoken of before is not a side of its own.
    if (branch.length === 0) throw new CannotRead('“or” joins what cannot be joined');
    branches.push(branch);
  }
  scope.select.where.push({ kind: 'or', options: branches });
}

/** "a capacity above 500 or below 100": the second comparison is of what the first was. */
function inherit(option: Modifier, first: Modifier | undefined): Modifier {
  if (option.kind !== 'compare' || first?.kind !== 'compare' || option.attribute !== null || option.concept === 'age')
    return option;
  return {
    ...option,
    attribute: first.attribute,
    aggregate: first.aggregate,
    concept: option.concept ?? first.concept,
    hints: first.hints,
  };
}

function shapeOf({ select }: Scope): string {
  return [select.groupBy.length, select.having.length, select.orderBy.length, select.limit].join(' ');
}
