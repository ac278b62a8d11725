import { words } from '../../words.ts';
import { type Entry, entriesOf, isOperator, type Json } from './json.ts';
import { isExtendedValue } from './literal.ts';
import { namedArguments } from './named.ts';
import { EXPRESSION_OPERATORS, NAMED_ARGUMENTS, REFUSED_OPERATORS } from './operator-names.ts';
import { readText } from './paths.ts';
import type { Place, Reading } from './reading.ts';
import { fields, functionNotAllowed, invalid, told } from './refuse.ts';
import { checkRange } from './sizes.ts';
import { SPECIAL_OPERATORS } from './special-operators.ts';

const SIMPLE = words(EXPRESSION_OPERATORS);
const NAMED = namedArguments(NAMED_ARGUMENTS);

/** An expression: a field path, a variable, an operator with its operands, or an array or object of expressions. */
export function readExpression(reading: Reading, json: Json, place: Place): void {
  if (json.kind === 'string') readText(reading, json.text, place, json.offset);
  if (json.kind === 'array') for (const item of json.items) reading.expression(item, place);
  if (json.kind !== 'object' || isExtendedValue(json)) return;
  const operator = operatorOf(json);
  if (operator !== undefined) {
    readOperator(reading, operator, place);
    return;
  }
  for (const { value } of json.entries) reading.expression(value, place);
}

/** The operator that an object is a call of; undefined where its keys are names. */
function operatorOf(json: Json): Entry | undefined {
  const entries = entriesOf(json);
  const operator = entries.find(({ key }) => isOperator(key));
  if (operator !== undefined && entries.length > 1) {
    invalid(`${told(operator.key)} has to be the only key of its object.`, operator);
  }
  return operator;
}

function readOperator(reading: Reading, entry: Entry, place: Place): void {
  const { key, value, offset } = entry;
  const special = SPECIAL_OPERATORS.get(key);
  const named = NAMED.get(key);
  if (special === undefined && named === undefined && !SIMPLE.has(key)) refuseOperator(entry);
  reading.notes.operator(key, offset);
  if (special !== undefined) {
    special(reading, entry, place);
    return;
  }
  if (key === '$range') checkRange(entry, place);
  if (named !== undefined && !(SIMPLE.has(key) && !hasNames(value))) {
    readNamed(reading, entry, named, place);
    return;
  }
  reading.expression(value, place);
}

/** Whether operands have names: an object that is neither an operator's call nor a value of Extended JSON. */
function hasNames(json: Json): boolean {
  const [first] = entriesOf(json);
  return first !== undefined && !isOperator(first.key);
}

export function readNamed(reading: Reading, entry: Entry, names: ReadonlySet<string>, place: Place): void {
  for (const { value } of fields(entry.value, entry.key, names).values()) reading.expression(value, place);
}

/** @throws Refused always: the operator is not on the lists of the place where it stands */
export function refuseOperator(entry: Entry): never {
  const known = REFUSED_OPERATORS.get(entry.key);
  if (known !== undefined) {
    functionNotAllowed(`${entry.key} ${known}.`, entry, 'Write it with the operators of expressions.');
  }
  functionNotAllowed(
    `${told(entry.key)} is not an operator that the guard knows there.`,
    entry,
    'Use the operators of the manual of MongoDB 8; stages stand in the pipeline itself.',
  );
}
