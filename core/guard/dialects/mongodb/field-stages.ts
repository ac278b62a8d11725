import { words } from '../../words.ts';
import { readPaths } from './joins.ts';
import { type Entry, entriesOf, isOperator, type Json } from './json.ts';
import { checkLiteral, isExtendedValue, numberOf } from './literal.ts';
import { checkPath, pathOf } from './paths.ts';
import { readProjection } from './projection.ts';
import type { Place, Reading } from './reading.ts';
import { fields, invalid, itemsOf, textOf } from './refuse.ts';
import { checkDensify } from './sizes.ts';
import { readSort } from './sort.ts';
import { readIfGiven } from './special-operators.ts';
import type { ReadStage } from './stage.ts';

/** Stages that pick documents, and stages that change some of their fields. */
export const FIELD_STAGES: readonly (readonly [string, ReadStage])[] = [
  ['$match', (reading, { value }, place) => reading.query(value, place)],
  ['$sort', (reading, { value }, place) => readSort(reading, value, place)],
  ['$limit', readAmount],
  ['$skip', readAmount],
  ['$sample', readSample],
  ['$project', (reading, { value }, place) => readProjection(reading, value, place, 'stage')],
  ['$addFields', readAddFields],
  ['$set', readAddFields],
  ['$unset', readUnset],
  ['$unwind', readUnwind],
  ['$replaceRoot', readReplaceRoot],
  ['$replaceWith', (reading, { value }, place) => replace(reading, value, place)],
  ['$redact', readRedact],
  ['$densify', readDensify],
  ['$fill', readFill],
  ['$geoNear', readGeoNear],
];

function readAmount(_reading: Reading, { key, value }: Entry): void {
  checkAmount(value, key);
}

/** @throws Refused where it is not a whole number from 0 */
export function checkAmount(json: Json, where: string): void {
  const amount = numberOf(json);
  if (amount === undefined || amount < 0 || !Number.isInteger(amount)) {
    invalid(`${where} takes a whole number, 0 or more.`, json);
  }
}

function readSample(_reading: Reading, { key, value }: Entry): void {
  const size = fields(value, key, words('size')).get('size')?.value;
  if (size !== undefined) checkAmount(size, 'size');
}

function readAddFields(reading: Reading, { key, value }: Entry, place: Place): void {
  if (value.kind !== 'object') invalid(`${key} takes an object.`, value);
  for (const entry of value.entries) {
    checkPath(entry.key, entry);
    reading.expression(entry.value, place);
  }
  place.flow.reshape();
  for (const entry of value.entries) if (isReplaced(entry.value)) place.flow.make(entry.key);
}

/** An object of plain names is merged into the one that is there. */
function isReplaced(json: Json): boolean {
  return json.kind !== 'object' || isExtendedValue(json) || json.entries.some(({ key }) => isOperator(key));
}

function readUnset(_reading: Reading, { value }: Entry, { flow }: Place): void {
  flow.reshape();
  for (const item of value.kind === 'array' ? value.items : [value]) flow.drop(pathOf(item, '$unset'));
}

function readUnwind(reading: Reading, { key, value, offset }: Entry, place: Place): void {
  const found =
    value.kind === 'string'
      ? new Map([['path', { key, value, offset }]])
      : fields(value, key, words('path includeArrayIndex preserveNullAndEmptyArrays'));
  const path = found.get('path')?.value;
  if (path === undefined || !textOf(path, 'path').startsWith('$')) {
    invalid('$unwind takes the path of an array, with $ in front.', { offset });
  }
  // Taking apart what a join put there reads none of its fields.
  const isJoined = place.flow.nestedAt(textOf(path, 'path').slice(1))?.rest === '';
  if (!isJoined) reading.expression(path, place);
  place.flow.reshape();
  const index = found.get('includeArrayIndex')?.value;
  if (index !== undefined && index.kind !== 'null') place.flow.make(pathOf(index, 'includeArrayIndex'));
}

function readReplaceRoot(reading: Reading, { key, value }: Entry, place: Place): void {
  const root = fields(value, key, words('newRoot')).get('newRoot')?.value;
  if (root === undefined) invalid('$replaceRoot takes newRoot.', value);
  else replace(reading, root, place);
}

function replace(reading: Reading, root: Json, place: Place): void {
  reading.expression(root, place);
  place.flow.forgetMade();
  place.flow.reshape();
  place.flow.narrow();
}

/** It looks at documents inside documents, where a path may mean any of their fields. */
function readRedact(reading: Reading, { value, offset }: Entry, place: Place): void {
  reading.expression(value, place);
  reading.notes.document(place.flow, offset);
  place.flow.reshape();
}

function readDensify(reading: Reading, entry: Entry, place: Place): void {
  const found = fields(entry.value, entry.key, words('field partitionByFields range'));
  const range = found.get('range')?.value;
  for (const name of ['field', 'partitionByFields']) {
    const json = found.get(name)?.value;
    if (json !== undefined) readPaths(reading, json, place, name);
  }
  if (range !== undefined) {
    for (const option of fields(range, 'range', words('step unit bounds')).values()) checkLiteral(option.value);
    checkDensify(range, entry);
  }
  place.flow.reshape();
}

function readFill(reading: Reading, { key, value }: Entry, place: Place): void {
  const found = fields(value, key, words('partitionBy partitionByFields sortBy output'));
  readIfGiven(reading, found.get('partitionBy')?.value, place);
  const by = found.get('partitionByFields')?.value;
  if (by !== undefined) for (const item of itemsOf(by, 'partitionByFields')) readPaths(reading, item, place, 'A field');
  const sortBy = found.get('sortBy')?.value;
  if (sortBy !== undefined) readSort(reading, sortBy, place);
  for (const entry of entriesOf(found.get('output')?.value ?? value)) {
    if (!found.has('output')) break;
    reading.notes.field(place.flow, checkPath(entry.key, entry), entry.offset);
    const filled = fields(entry.value, 'A filled field', words('value method'));
    readIfGiven(reading, filled.get('value')?.value, place);
    const method = filled.get('method')?.value;
    if (method !== undefined) textOf(method, 'method');
  }
  place.flow.reshape();
}

const GEO = words(
  'near distanceField distanceMultiplier includeLocs key maxDistance minDistance query spherical limit num uniqueDocs',
);

/** Which field it measures from an index may say; where it is not named it may be any. */
function readGeoNear(reading: Reading, { key, value, offset }: Entry, place: Place): void {
  const found = fields(value, key, GEO);
  for (const name of ['near', 'distanceMultiplier', 'maxDistance', 'minDistance', 'spherical', 'limit', 'num']) {
    readIfGiven(reading, found.get(name)?.value, place);
  }
  const query = found.get('query')?.value;
  if (query !== undefined) reading.query(query, place);
  const field = found.get('key')?.value;
  if (field === undefined) reading.notes.everything(place.flow, offset);
  else readPaths(reading, field, place, 'key');
  place.flow.reshape();
  for (const name of ['distanceField', 'includeLocs']) {
    const made = found.get(name)?.value;
    if (made !== undefined) place.flow.make(pathOf(made, name));
  }
}
