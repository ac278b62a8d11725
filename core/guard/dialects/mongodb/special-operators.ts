import { words } from '../../words.ts';
import { type Entry, type Json, memberOf } from './json.ts';
import { checkQuoted } from './literal.ts';
import { readMeta } from './meta.ts';
import { variableName } from './paths.ts';
import { type Place, type Reading, withVariables } from './reading.ts';
import { fields, invalid, itemsOf, textOf } from './refuse.ts';
import { lengthOf, repeated } from './sizes.ts';
import { checkElementSort, readSort } from './sort.ts';

type Read = (reading: Reading, entry: Entry, place: Place) => void;

/** Operators of expressions that are more than their operands: they quote, define variables, or name fields as text. */
export const SPECIAL_OPERATORS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['$literal', (_reading, { value }) => checkQuoted(value)],
  ['$let', readLet],
  ['$map', readEach],
  ['$filter', readEach],
  ['$reduce', readReduce],
  ['$switch', readSwitch],
  ['$getField', readGetField],
  ['$meta', readMeta],
  ['$sortArray', readSorted],
  ['$top', readSorted],
  ['$topN', readSorted],
  ['$bottom', readSorted],
  ['$bottomN', readSorted],
]);

function readLet(reading: Reading, { key, value }: Entry, place: Place): void {
  const found = fields(value, key, words('vars in'));
  const vars = found.get('vars');
  const inner = vars === undefined ? place : define(reading, vars.value, place);
  readIfGiven(reading, found.get('in')?.value, inner);
}

/** The variables that `let` and `vars` define; their values see the variables outside. */
export function define(reading: Reading, json: Json, place: Place): Place {
  if (json.kind !== 'object') return invalid('Variables have to be an object.', json);
  for (const { value } of json.entries) reading.expression(value, place);
  return withVariables(
    place,
    json.entries.map((entry) => [variableName(entry.key, entry), lengthOf(entry.value, place)] as const),
  );
}

const EACH = words('input as arrayIndexAs in cond limit');

function readEach(reading: Reading, entry: Entry, place: Place): void {
  const found = fields(entry.value, entry.key, EACH);
  const input = found.get('input')?.value;
  readIfGiven(reading, input, place);
  readIfGiven(reading, found.get('limit')?.value, place);
  const element = withVariables(repeated(place, input, entry), [
    ...variable(found.get('as'), 'this'),
    ...variable(found.get('arrayIndexAs'), 'IDX'),
  ]);
  readIfGiven(reading, found.get('in')?.value, element);
  readIfGiven(reading, found.get('cond')?.value, element);
}

const REDUCE = words('input initialValue in as valueAs arrayIndexAs');

function readReduce(reading: Reading, entry: Entry, place: Place): void {
  const found = fields(entry.value, entry.key, REDUCE);
  const input = found.get('input')?.value;
  readIfGiven(reading, input, place);
  readIfGiven(reading, found.get('initialValue')?.value, place);
  const element = withVariables(repeated(place, input, entry), [
    ...variable(found.get('as'), 'this'),
    ...variable(found.get('valueAs'), 'value'),
    ...variable(found.get('arrayIndexAs'), 'IDX'),
  ]);
  readIfGiven(reading, found.get('in')?.value, element);
}

/** The variable that an option names, and its usual name. */
function variable(given: Entry | undefined, usual: string): (readonly [string, number])[] {
  const name = given === undefined ? usual : variableName(textOf(given.value, given.key), given.value);
  return [[name, 1]];
}

function readSwitch(reading: Reading, { key, value }: Entry, place: Place): void {
  const found = fields(value, key, words('branches default'));
  const branches = found.get('branches');
  for (const branch of branches === undefined ? [] : itemsOf(branches.value, 'branches')) {
    for (const part of fields(branch, 'A branch', words('case then')).values()) reading.expression(part.value, place);
  }
  readIfGiven(reading, found.get('default')?.value, place);
}

/** A field by its name as text, which may hold dots; a name that is computed may be any. */
function readGetField(reading: Reading, { key, value, offset }: Entry, place: Place): void {
  const isLong = value.kind === 'object' && memberOf(value, 'field') !== undefined;
  const found = isLong ? fields(value, key, words('field input')) : undefined;
  const field = found?.get('field')?.value ?? value;
  const input = found?.get('input')?.value;
  reading.expression(field, place);
  if (input !== undefined) {
    reading.expression(input, place);
    return;
  }
  const name = memberOf(field, '$literal') ?? field;
  // `a.b` may be the name of one field, which is not a part of the field a.
  if (name.kind === 'string' && !/[.$]/.test(name.text)) reading.notes.field(place.flow, name.text, offset);
  else reading.notes.document(place.flow, offset);
}

const SORTED = words('input sortBy output n');

/** Sorts elements of an array, or documents where an accumulator does. */
export function readSorted(reading: Reading, { key, value }: Entry, place: Place): void {
  const found = fields(value, key, SORTED);
  const sortBy = found.get('sortBy')?.value;
  const input = found.get('input')?.value;
  readIfGiven(reading, input, place);
  if (sortBy !== undefined) {
    if (input === undefined) readSort(reading, sortBy, place);
    else checkElementSort(sortBy);
  }
  readIfGiven(reading, found.get('n')?.value, place);
  readIfGiven(reading, found.get('output')?.value, input === undefined ? place : withVariables(place, [['this', 1]]));
}

export function readIfGiven(reading: Reading, json: Json | undefined, place: Place): void {
  if (json !== undefined) reading.expression(json, place);
}
