import { columnsOf, tablesOf, valuesOf } from '../link/mention.ts';
import type { Modifier, OutputNode, QuestionTree } from '../parse/question-tree.ts';
import type { Fragment } from './parse-fragment.ts';

/** The question before, with what the follow-up says in the place of what it said on the same matter. */
export function mergeFragment(tree: QuestionTree, { noun, modifiers, counts }: Fragment): QuestionTree {
  const renamed = noun === null ? tree : withNoun(tree, noun.mention);
  const merged = modifiers.reduce(withModifier, renamed);
  const grouped = modifiers.some(({ kind }) => kind === 'group' || kind === 'group-date');
  return counts || grouped ? { ...merged, outputs: merged.outputs.map((output) => counted(output, counts)) } : merged;
}

/** Another thing is asked for in the place of the first one. */
function withNoun(tree: QuestionTree, mention: OutputNode['noun']['mention']): QuestionTree {
  const [first, ...others] = tree.outputs;
  return first === undefined ? tree : { ...tree, outputs: [{ ...first, noun: { ...first.noun, mention } }, ...others] };
}

function withModifier(tree: QuestionTree, modifier: Modifier): QuestionTree {
  const outputs = tree.outputs.map((output) => ({
    ...output,
    noun: { ...output.noun, modifiers: replaced(output.noun.modifiers, modifier) },
  }));
  const modifiers = replaced(tree.modifiers, modifier);
  const found =
    modifiers !== tree.modifiers || outputs.some(({ noun }, at) => noun.modifiers !== tree.outputs[at]?.noun.modifiers);
  return found ? { ...tree, outputs, modifiers } : { ...tree, modifiers: [...tree.modifiers, modifier] };
}

/** The same list where nothing in it, however deep, is about the same matter. */
function replaced(list: readonly Modifier[], modifier: Modifier): readonly Modifier[] {
  const at = list.findIndex((known) => sameMatter(known, modifier));
  const known = list[at];
  if (known !== undefined) return list.with(at, keepingPlace(known, modifier));
  for (const [place, inner] of list.entries()) {
    if (inner.kind !== 'related') continue;
    const deeper = replaced(inner.noun.modifiers, modifier);
    if (deeper !== inner.noun.modifiers)
      return list.with(place, { ...inner, noun: { ...inner.noun, modifiers: deeper } });
  }
  return list;
}

/** "placed last month", then "and in 2024": placed in 2024. */
function keepingPlace(known: Modifier, modifier: Modifier): Modifier {
  if (known.kind === 'date' && modifier.kind === 'date') return { ...modifier, hints: known.hints };
  if (known.kind === 'value' && modifier.kind === 'value')
    return { ...modifier, attribute: modifier.attribute ?? known.attribute, hints: known.hints };
  return modifier;
}

function sameMatter(known: Modifier, modifier: Modifier): boolean {
  if (isGroup(known) && isGroup(modifier)) return true;
  if (known.kind === 'value' && modifier.kind === 'value') return shareColumn(known, modifier);
  if (known.kind === 'compare' && modifier.kind === 'compare') {
    const [one, other] = [known, modifier].map(({ attribute, concept }) => attribute?.text.toLowerCase() ?? concept);
    return one === other;
  }
  return known.kind === modifier.kind && ['date', 'order', 'top'].includes(known.kind);
}

const isGroup = ({ kind }: Modifier): boolean => kind === 'group' || kind === 'group-date';

type ValueModifier = Extract<Modifier, { kind: 'value' }>;

function shareColumn(one: ValueModifier, other: ValueModifier): boolean {
  const columns = new Set(one.values.flatMap((value) => valuesOf(value).map(({ column }) => column)));
  return other.values.every((value) => valuesOf(value).some(({ column }) => columns.has(column)));
}

/** A list becomes the number of its things; a number stays what it is. */
function counted(output: OutputNode, always: boolean): OutputNode {
  if (output.kind === 'count' || (output.aggregates.length > 0 && !always)) return output;
  const property = columnsOf(output.noun.mention).length > 0 && tablesOf(output.noun.mention).length === 0;
  return property && !always ? output : { kind: 'count', noun: output.noun, distinct: output.distinct };
}
