import { words } from '../../words.ts';
import { readNamed, refuseOperator } from './expression.ts';
import { type Entry, entriesOf, isOperator, type Json } from './json.ts';
import { checkLiteral } from './literal.ts';
import { namedArguments } from './named.ts';
import { ACCUMULATORS, NAMED_ACCUMULATORS, NAMED_WINDOW_OPERATORS, WINDOW_OPERATORS } from './operator-names.ts';
import type { Place, Reading } from './reading.ts';
import { fields, invalid, itemsOf, textOf } from './refuse.ts';
import { readSorted } from './special-operators.ts';

const SORTED = words('$top $topN $bottom $bottomN');
const GROUP = words(ACCUMULATORS);
const NAMED_GROUP = namedArguments(NAMED_ACCUMULATORS);
const WINDOW = words(ACCUMULATORS, WINDOW_OPERATORS);
const NAMED_WINDOW = namedArguments(NAMED_ACCUMULATORS + NAMED_WINDOW_OPERATORS);

/** The fields that $group and $bucket make, each by one accumulator. */
export function readAccumulators(reading: Reading, entries: readonly Entry[], place: Place): void {
  for (const { key, value, offset } of entries) {
    if (key.includes('.') || isOperator(key)) invalid('The name of a computed field is a plain one.', { offset });
    const [accumulator, ...more] = entriesOf(value);
    if (accumulator === undefined || more.length > 0) invalid('A computed field takes one accumulator.', value);
    else readAccumulator(reading, accumulator, { place, simple: GROUP, named: NAMED_GROUP });
  }
}

interface Known {
  readonly place: Place;
  readonly simple: ReadonlySet<string>;
  readonly named: ReadonlyMap<string, ReadonlySet<string>>;
}

function readAccumulator(reading: Reading, entry: Entry, { place, simple, named }: Known): void {
  const { key, value, offset } = entry;
  const names = named.get(key);
  if (names === undefined && !simple.has(key) && !SORTED.has(key)) refuseOperator(entry);
  reading.notes.operator(key, offset);
  if (SORTED.has(key)) readSorted(reading, entry, place);
  else if (names !== undefined) readNamed(reading, entry, names, place);
  else reading.expression(value, place);
}

/** An output of $setWindowFields: an operator and, beside it, its window. */
export function readWindowOutput(reading: Reading, json: Json, place: Place): void {
  const operators = entriesOf(json).filter(({ key }) => key !== 'window');
  const [operator, ...more] = operators;
  if (operator === undefined || more.length > 0) invalid('A window’s output takes one operator.', json);
  readAccumulator(reading, operator, { place, simple: WINDOW, named: NAMED_WINDOW });
  const window = entriesOf(json).find(({ key }) => key === 'window');
  if (window !== undefined) checkWindow(window.value);
}

function checkWindow(json: Json): void {
  const found = fields(json, 'A window', words('documents range unit'));
  for (const name of ['documents', 'range']) {
    const bounds = found.get(name)?.value;
    if (bounds !== undefined) itemsOf(bounds, name).forEach(checkLiteral);
  }
  const unit = found.get('unit')?.value;
  if (unit !== undefined) textOf(unit, 'unit');
}
