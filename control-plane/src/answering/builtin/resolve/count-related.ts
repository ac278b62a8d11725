import type { Step } from '../join-paths.ts';
import { type CompareOperator, type Condition, type Expression, instancesOf, type Select } from '../logical-form.ts';
import type { Modifier, Quantifier } from '../parse/question-tree.ts';
import { applyModifiers } from './apply-modifiers.ts';
import { CannotRead } from './cannot-read.ts';
import { semiJoin } from './filter-through.ts';
import type { Scope } from './scope.ts';

type RelatedModifier = Extract<Modifier, { kind: 'related' }>;

type Count = Extract<Quantifier, { kind: 'count' }>;

export function counted(left: Expression, { comparison, numbers }: Count): Condition {
  const [low, high] = numbers.map((number) => ({ kind: 'number', number, text: String(number) }) as const);
  if (low === undefined) throw new CannotRead('no number');
  if (comparison === 'between' && high !== undefined) return { kind: 'between', left, low, high, negated: false };
  return { kind: 'compare', left, operator: comparison as CompareOperator, right: low };
}

/** "at least two courses": those whose key stands often enough among the others' foreign keys. */
export function countRelated(scope: Scope, steps: readonly Step[], { noun }: RelatedModifier, quantifier: Count): void {
  const last = steps.at(-1);
  const needed = noun.modifiers.length === 0 && last?.forward === true ? steps.slice(0, -1) : steps;
  const select = semiJoin(scope, needed, { negated: false, apart: true }, (inner) =>
    applyModifiers(inner, noun.modifiers),
  );
  if (select === null) throw new CannotRead('a number of what there is one of');
  const [key] = select.outputs;
  if (key === undefined) throw new CannotRead('no key');
  select.groupBy.push(key);
  const each = quantifier.distinct ? distinctOf(select, last) : null;
  select.having.push(counted({ kind: 'count', of: select.root, distinct: each }, quantifier));
  if (quantifier.comparison === '<' || quantifier.comparison === '<=') {
    scope.reading.assumptions.add(`Those with no ${noun.mention.text} at all are left out.`);
  }
}

/** "three different products": of each product once, by the key that leads to it. */
function distinctOf(select: Select, last: Step | undefined): Expression | null {
  const [column] = last?.edge.fromColumns ?? [];
  if (last === undefined || !last.forward || column === undefined) return null;
  const instance = instancesOf(select).find(({ table }) => table === last.edge.from);
  if (instance === undefined) throw new CannotRead('a number of different things');
  return { kind: 'column', instance, column };
}
