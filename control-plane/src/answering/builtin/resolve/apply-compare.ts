import {
  type CompareOperator,
  type Condition,
  type Expression,
  type Instance,
  instancesOf,
  type Literal,
  newSelect,
} from '../logical-form.ts';
import { isMeasure, isNumeric } from '../parse/parse-attribute.ts';
import type { Modifier, Operand } from '../parse/question-tree.ts';
import type { ColumnEntry } from '../schema-index/entries.ts';
import { applyDate } from './apply-date.ts';
import { applyModifiers } from './apply-modifiers.ts';
import { bornWithin } from './born-within.ts';
import { CannotRead } from './cannot-read.ts';
import { filterThrough } from './filter-through.ts';
import { measureOf } from './measures.ts';
import { chooseColumn, describeColumn } from './resolve-column.ts';
import { pathHints, type Scope } from './scope.ts';

type CompareModifier = Extract<Modifier, { kind: 'compare' }>;

/** "older than 20", "whose capacity is between 5000 and 10000", "above the average". */
export function applyCompare(scope: Scope, modifier: CompareModifier): void {
  if (isDated(modifier)) {
    applyDate(scope, asDate(modifier));
    return;
  }
  const inside = spokenOf(scope, modifier);
  if (inside !== null) {
    applyCompare(inside, modifier);
    return;
  }
  const { column, reversed } = comparedColumn(scope, modifier);
  if (reversed) {
    const birth = bornWithin(scope.reading.today, column, modifier);
    scope.reading.assumptions.add(`Ages are counted from ${describeColumn(column)}, as of ${scope.reading.today}.`);
    filterThrough(scope, column.table, pathHints(modifier.hints), modifier.negated, (instance, negated) => ({
      ...{ kind: 'range', left: { kind: 'column', instance, column } },
      ...{ ...birth, negated },
    }));
    return;
  }
  if (modifier.aggregate !== null) {
    applyHaving(scope, modifier, column);
    return;
  }
  filterThrough(scope, column.table, pathHints(modifier.hints), modifier.negated, (instance, negated) =>
    conditionOn(scope, { kind: 'column', instance, column }, modifier, negated),
  );
}

/** "students who have a cat that is 3 years old": the cat is, where it can be. */
function spokenOf(scope: Scope, modifier: CompareModifier): Scope | null {
  const last = scope.reading.semiJoins.findLast(({ outside }) => outside === scope.select);
  const [first = ''] = modifier.hints.words;
  if (last === undefined || (first !== 'that' && first !== 'which')) return null;
  for (const instance of instancesOf(last.inside.select).toReversed()) {
    const inner = { ...last.inside, instance, parent: null };
    if (ownsCompared(inner, modifier)) return inner;
  }
  return null;
}

function ownsCompared(scope: Scope, modifier: CompareModifier): boolean {
  const before = scope.reading.cost;
  try {
    return comparedColumn(scope, modifier).column.table === scope.instance.table;
  } catch (error) {
    if (error instanceof CannotRead) return false;
    throw error;
  } finally {
    scope.reading.cost = before;
  }
}

/** A date, or a year after "before", "after", "since" with nothing named that it would be compared with. */
function isDated({ attribute, concept, operands }: CompareModifier): boolean {
  if (operands.some(({ kind }) => kind === 'date')) return true;
  return attribute === null && concept === 'date' && operands.every((operand) => operand.kind === 'number');
}

function asDate(modifier: CompareModifier): Extract<Modifier, { kind: 'date' }> {
  const [first] = modifier.operands;
  const { comparison, attribute, hints, negated } = modifier;
  if (first === undefined || modifier.operands.length > 1) throw new CannotRead('a date that cannot be read');
  const range =
    first.kind === 'date'
      ? first.range
      : first.kind === 'number'
        ? { from: `${first.number}-01-01`, to: `${first.number + 1}-01-01`, label: first.text }
        : null;
  if (range === null) throw new CannotRead('a date that cannot be read');
  const bounds = {
    '>': { from: range.to, to: null, label: `after ${range.label}` },
    '>=': { from: range.from, to: null, label: `since ${range.label}` },
    '<': { from: null, to: range.from, label: `before ${range.label}` },
    '<=': { from: null, to: range.to, label: `until ${range.label}` },
    '=': range,
  } as const;
  if (!(comparison in bounds)) throw new CannotRead('a date that cannot be read');
  const mentions = attribute === null ? hints.mentions : [attribute];
  return { kind: 'date', ranges: [bounds[comparison as keyof typeof bounds]], negated, hints: { ...hints, mentions } };
}

function comparedColumn(
  scope: Scope,
  { attribute, concept, operands, comparison, hints }: CompareModifier,
): { column: ColumnEntry; reversed: boolean } {
  const numeric = operands.some(({ kind }) => kind === 'number' || kind === 'aggregate');
  const accept = (column: ColumnEntry): boolean =>
    comparison === 'contains' ||
    comparison === 'starts' ||
    comparison === 'ends' ||
    !numeric ||
    isMeasure(column) ||
    isNumeric(column) ||
    comparison === '=' ||
    comparison === '!=';
  const [named] = hints.mentions;
  const mention =
    attribute ?? (concept === null || concept === 'date' ? (named ?? aggregateAttribute(operands)) : null);
  if (mention !== null && mention !== undefined) {
    const { column, cost } = chooseColumn(scope.reading, scope.instance.table, mention, accept);
    scope.reading.cost += cost;
    scope.reading.notes.set(mention, describeColumn(column));
    return { column, reversed: false };
  }
  if (concept === null) throw new CannotRead('a comparison that does not say of what');
  return measureOf(scope.instance.table, concept);
}

function aggregateAttribute(operands: readonly Operand[]): ReturnType<typeof firstAttribute> {
  return firstAttribute(operands);
}

function firstAttribute(operands: readonly Operand[]): Extract<Operand, { kind: 'aggregate' }>['attribute'] {
  for (const operand of operands)
    if (operand.kind === 'aggregate' && operand.attribute !== null) return operand.attribute;
  return null;
}

const OPPOSITE = { '=': '!=', '!=': '=', '>': '<=', '<': '>=', '>=': '<', '<=': '>' } as const;

function conditionOn(
  scope: Scope,
  left: Extract<Expression, { kind: 'column' }>,
  modifier: CompareModifier,
  negated: boolean,
): Condition {
  const { comparison, operands } = modifier;
  const [first, second] = operands;
  if (first === undefined) throw new CannotRead('nothing to compare with');
  if (first.kind === 'aggregate') return compareAggregate(scope, left, comparison, first, negated);
  const literals = operands.map((operand) => literalOf(operand, left.column));
  const [low, high] = literals;
  if (low === undefined) throw new CannotRead('nothing to compare with');
  switch (comparison) {
    case 'between':
      if (second === undefined || high === undefined) throw new CannotRead('“between” needs two ends');
      return { kind: 'between', left, low, high, negated };
    case 'contains':
      return { kind: 'like', left, pattern: `%${low.text}%`, negated };
    case 'starts':
      return { kind: 'like', left, pattern: `${low.text}%`, negated };
    case 'ends':
      return { kind: 'like', left, pattern: `%${low.text}`, negated };
    default: {
      if (literals.length > 1) return { kind: 'among', left, values: literals, negated };
      return { kind: 'compare', left, operator: negated ? OPPOSITE[comparison] : comparison, right: low };
    }
  }
}

function literalOf(operand: Operand, column: ColumnEntry): Literal {
  if (operand.kind === 'number') {
    const text = operand.text.replaceAll(/[$€£,]/g, '');
    return { kind: 'number', number: operand.number, text: /^[\d.]+$/.test(text) ? text : String(operand.number) };
  }
  if (operand.kind === 'text' && column.column.kind === 'text') return { kind: 'text', text: operand.text };
  throw new CannotRead('a comparison of unlike things');
}

/** "above the average": against the same column of all rows, or of those the question names. */
function compareAggregate(
  scope: Scope,
  left: Extract<Expression, { kind: 'column' }>,
  comparison: CompareModifier['comparison'],
  operand: Extract<Operand, { kind: 'aggregate' }>,
  negated: boolean,
): Condition {
  const name = operand.aggregate;
  if (name === 'count' || comparison === 'between' || !(comparison in OPPOSITE))
    throw new CannotRead('a comparison that cannot be read');
  const select = newSelect(left.column.table);
  const inner: Scope = { ...scope, select, instance: select.root, parent: null };
  const column =
    operand.attribute === null
      ? left.column
      : chooseColumn(scope.reading, left.column.table, operand.attribute, isMeasure).column;
  if (column.table !== left.column.table) throw new CannotRead('a comparison across tables');
  select.outputs.push({ kind: 'aggregate', name, of: { kind: 'column', instance: select.root, column } });
  applyModifiers(inner, operand.modifiers);
  const operator = comparison as CompareOperator;
  return { kind: 'compare-select', left, operator: negated ? OPPOSITE[operator] : operator, right: select };
}

/** "whose average life expectancy is above 72": said of groups. */
function applyHaving(
  scope: Scope,
  { aggregate, operands, comparison, negated }: CompareModifier,
  column: ColumnEntry,
): void {
  const [first] = operands;
  if (aggregate === null || aggregate === 'count' || first?.kind !== 'number' || operands.length > 1)
    throw new CannotRead('a comparison that cannot be read');
  if (!(comparison in OPPOSITE) || column.table !== scope.instance.table)
    throw new CannotRead('a comparison that cannot be read');
  const operator = comparison as CompareOperator;
  const instance: Instance = scope.instance;
  scope.select.having.push({
    kind: 'compare',
    left: { kind: 'aggregate', name: aggregate, of: { kind: 'column', instance, column } },
    operator: negated ? OPPOSITE[operator] : operator,
    right: literalOf(first, column),
  });
}
